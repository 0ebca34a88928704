//! Lets `publish` answer when readers see the update, and a change of the staff address when the old one has stopped:
//! joins the staff side to a page in the same process.

use std::pin::Pin;

use authoring::PageSeen;
use page::Page;

/// A page of this process.
pub struct Seen(pub Page);

impl PageSeen for Seen {
    fn shows(&self, version: i64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.0.shows(version))
    }

    fn locks(&self, version: i64) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.0.locks(version))
    }
}

//! What one person may publish without a second one, and why not: the screen asks before it offers the button, the
//! action asks before it publishes.

use domain::revision::newest_published;
use domain::{Catalogue, Content, Incident, Severity};
use store::Reads;

use super::Case;
use crate::Authoring;
use crate::content::holding_refused;
use crate::error::Result;

/// Why one person may not publish a content alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotAlone {
    /// It weighs more than minor.
    Grave,
    /// What is public now weighs more than minor: the news that it has become mild also needs two.
    WasGrave,
    /// It claims something that its author typed or answered.
    Claims,
    /// No words were approved beforehand for this phase.
    NoWords,
    /// Its words are not those that were approved beforehand.
    OwnWords,
    /// Somebody saw a reason not to publish it; that person's word stands.
    SentBack,
}

impl NotAlone {
    /// The key of the sentence that says so.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Grave => "au-not-alone-grave",
            Self::WasGrave => "au-not-alone-was-grave",
            Self::Claims => "au-not-alone-claims",
            Self::NoWords => "au-not-alone-no-words",
            Self::OwnWords => "au-not-alone-own-words",
            Self::SentBack => "au-not-alone-sent-back",
        }
    }
}

impl Authoring {
    /// Why this content may not go out on one person's word; none for a holding statement.
    pub(crate) async fn not_alone(
        &self,
        reads: &Reads,
        catalogue: &Catalogue,
        (incident, content): (&Incident, &Content),
    ) -> Result<Option<NotAlone>> {
        if let Some(reason) = holding_refused(self.filler(catalogue), incident, content) {
            return Ok(Some(reason));
        }
        let revisions = reads.revisions(incident.id).await?;
        let was_grave = newest_published(&revisions).is_some_and(|one| one.content.severity > Severity::Minor);
        Ok(was_grave.then_some(NotAlone::WasGrave))
    }

    /// The same for a revision as it stands.
    pub(crate) async fn not_alone_of(&self, reads: &Reads, case: &Case) -> Result<Option<NotAlone>> {
        if case.revision.is_sent_back() {
            return Ok(Some(NotAlone::SentBack));
        }
        self.not_alone(reads, &case.catalogue, (&case.incident, &case.revision.content)).await
    }
}

//! Reads old documents for readers: a few at once, off the threads that answer, and the last ones are remembered.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use domain::WithCauses;
use tokio::sync::Semaphore;

use super::Cold;
use crate::edition::document::{Coding, Tag};

/// How many are read at the same time; more wait.
const AT_ONCE: usize = 16;

/// How many bytes are remembered.
const REMEMBERED: usize = 8 * 1024 * 1024;

/// The way to old documents.
#[derive(Debug)]
pub(crate) struct Recall {
    permits: Semaphore,
    remembered: Mutex<Remembered>,
    damaged: Mutex<Vec<Arc<str>>>,
}

#[derive(Debug, Default)]
struct Remembered {
    by_tag: HashMap<Tag, Bytes>,
    oldest_first: VecDeque<Tag>,
    size: usize,
}

impl Recall {
    pub(crate) fn new() -> Self {
        let permits = Semaphore::new(AT_ONCE);
        Self { permits, remembered: Mutex::default(), damaged: Mutex::default() }
    }

    /// A document in one form. `None` when it cannot be read or is not what was written: then it is noted as damaged.
    pub(crate) async fn bytes(&self, path: &str, cold: &Arc<Cold>, coding: Coding) -> Option<Bytes> {
        let tag = cold.record.tag(coding);
        if let Some(bytes) = self.lock().by_tag.get(&tag) {
            return Some(bytes.clone());
        }
        let _permit = self.permits.acquire().await.ok()?;
        let wanted = Arc::clone(cold);
        let read = tokio::task::spawn_blocking(move || wanted.pack.read(&wanted.record, coding)).await;
        match read.ok()? {
            Ok(bytes) => {
                self.lock().remember(tag, &bytes);
                Some(bytes)
            }
            Err(error) => {
                let (pack, error) = (&cold.pack.name, WithCauses(&error));
                tracing::error!(document.path = path, pack, %error, "an old page is damaged; it is made again");
                self.note_damaged(path.into());
                None
            }
        }
    }

    /// Notes that a document has to be made again.
    pub(crate) fn note_damaged(&self, path: Arc<str>) {
        self.damaged.lock().unwrap_or_else(PoisonError::into_inner).push(path);
    }

    /// What was found damaged since the last time.
    pub(crate) fn take_damaged(&self) -> Vec<Arc<str>> {
        std::mem::take(&mut *self.damaged.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Remembered> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Remembered {
    fn remember(&mut self, tag: Tag, bytes: &Bytes) {
        if bytes.len() > REMEMBERED / 8 || self.by_tag.insert(tag, bytes.clone()).is_some() {
            return;
        }
        self.oldest_first.push_back(tag);
        self.size += bytes.len();
        while self.size > REMEMBERED {
            let Some(oldest) = self.oldest_first.pop_front() else { return };
            self.size -= self.by_tag.remove(&oldest).map_or(0, |bytes| bytes.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_has_a_bound() {
        let mut remembered = Remembered::default();
        let megabyte = Bytes::from(vec![0; 1024 * 1024]);
        for number in 0..20 {
            remembered.remember([number; 12], &megabyte);
            remembered.remember([number; 12], &megabyte);
        }
        assert_eq!((remembered.size, remembered.by_tag.len()), (REMEMBERED, 8));
        assert!(remembered.by_tag.contains_key(&[19; 12]) && !remembered.by_tag.contains_key(&[11; 12]));
    }
}

//! Reads what a person typed and ticked into a contact and wishes; everything wrong is said at once.

use domain::audience::Areas;
use domain::organisation::Organisation;
use domain::phone::{self, DramaNumbers};
use domain::subscriber::Wishes;
use domain::{Catalogue, Contact, EmailAddress, HasKind, Language, Severity};
use edge::RawForm;
use render::Problem;

/// The contact and the wishes of a sign-up.
pub(super) fn of_signup(form: &RawForm, catalogue: &Catalogue, drama: bool) -> Result<(Contact, Wishes), Vec<Problem>> {
    match (contact(form, drama), of_choices(form, catalogue)) {
        (Ok(contact), Ok(wishes)) => Ok((contact, wishes)),
        (contact, wishes) => {
            let mut problems: Vec<Problem> = contact.err().into_iter().collect();
            problems.extend(wishes.err().into_iter().flatten());
            Err(problems)
        }
    }
}

fn contact(form: &RawForm, drama: bool) -> Result<Contact, Problem> {
    let drama = if drama { DramaNumbers::Accept } else { DramaNumbers::Refuse };
    match form.text("channel") {
        "sms" => phone::parse(form.text("mobile"), drama)
            .map(Contact::Phone)
            .map_err(|problem| Problem::new("mobile", problem.code())),
        "email" => EmailAddress::parse(form.text("email"))
            .map(Contact::Email)
            .map_err(|problem| Problem::new("email", problem.code())),
        _ => Err(Problem::new("channel", "signup-channel")),
    }
}

/// Language, areas and severity: what can also be changed later.
pub(super) fn of_choices(form: &RawForm, catalogue: &Catalogue) -> Result<Wishes, Vec<Problem>> {
    let mut problems = Vec::new();
    // Nothing is ticked beforehand: the language is asked, and never guessed.
    let language: Option<Language> = form.text("language").parse().ok();
    if language.is_none() {
        problems.push(Problem::new("language", "signup-language"));
    }
    let chosen = form.all("area").filter(|key| catalogue.organisation(key).is_some_and(|one| one.subscribable));
    let areas = Areas::chosen(catalogue, chosen);
    if areas == Areas::default() {
        problems.push(Problem::new("area", "signup-areas"));
    }
    let min_severity = if form.has("serious") { Severity::Serious } else { Severity::Info };
    match language {
        Some(language) if problems.is_empty() => Ok(Wishes { language, areas, min_severity }),
        _ => Err(problems),
    }
}

/// The areas that people may choose, in the order of the catalogue.
pub(super) fn areas(catalogue: &Catalogue) -> impl Iterator<Item = &Organisation> {
    catalogue.organisations.iter().filter(|one| one.subscribable)
}

//! Writes one message as XML. The schema is a sequence: the order of the elements is part of the format.

use super::message::{Info, Message};
use crate::feed::xml::Xml;

/// The namespace of the protocol.
pub(super) const NAMESPACE: &str = "urn:oasis:names:tc:emergency:cap:1.2";

/// The message as a document.
pub(super) fn write(message: &Message) -> Vec<u8> {
    let mut xml = Xml::new();
    xml.within("alert", &[("xmlns", NAMESPACE)], |xml| {
        xml.text("identifier", &[], &message.identifier);
        xml.text("sender", &[], &message.sender);
        xml.text("sent", &[], &message.sent);
        xml.text("status", &[], message.status);
        xml.text("msgType", &[], message.kind);
        xml.text("scope", &[], "Public");
        unless_empty(xml, "note", message.note.as_deref().unwrap_or_default());
        unless_empty(xml, "references", &message.references.join(" "));
        xml.text("incidents", &[], &message.incidents.join(" "));
        message.infos.iter().for_each(|one| info(xml, one, &message.sent));
    });
    xml.finish()
}

fn info(xml: &mut Xml, info: &Info, sent: &str) {
    let classes = info.classes;
    xml.within("info", &[], |xml| {
        xml.text("language", &[], info.language);
        // Both: it is the computers that fail, and care that suffers.
        xml.text("category", &[], "Health");
        xml.text("category", &[], "Infra");
        xml.text("event", &[], &info.event);
        xml.text("responseType", &[], classes.response);
        xml.text("urgency", &[], classes.urgency);
        xml.text("severity", &[], classes.severity);
        xml.text("certainty", &[], classes.certainty);
        xml.text("effective", &[], sent);
        xml.text("onset", &[], &info.onset);
        xml.text("expires", &[], &info.expires);
        xml.text("senderName", &[], &info.sender_name);
        unless_empty(xml, "headline", &info.headline);
        unless_empty(xml, "description", &info.description);
        unless_empty(xml, "instruction", &info.instruction);
        xml.text("web", &[], &info.web);
        unless_empty(xml, "contact", info.contact.as_deref().unwrap_or_default());
        for (name, value) in &info.parameters {
            pair(xml, "parameter", (name, value));
        }
        for area in &info.areas {
            xml.within("area", &[], |xml| {
                xml.text("areaDesc", &[], &area.description);
                pair(xml, "geocode", ("hysbys-organisation", &area.organisation));
            });
        }
    });
}

fn pair(xml: &mut Xml, element: &str, (name, value): (&str, &str)) {
    xml.within(element, &[], |xml| {
        xml.text("valueName", &[], name);
        xml.text("value", &[], value);
    });
}

/// An element that says nothing is left out: receivers stumble over empty ones.
fn unless_empty(xml: &mut Xml, element: &str, text: &str) {
    if !text.trim().is_empty() {
        xml.text(element, &[], text);
    }
}

//! Twilio's error answers: the codes a sender must tell apart.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

/// Why a request was refused: Twilio's code, the HTTP status and the sentence that go with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: u32,
    status: u16,
    message: &'static str,
}

impl Refusal {
    pub(crate) const UNAUTHENTICATED: Self = Self::new(401, 20003, "Authenticate");
    pub(crate) const NOT_FOUND: Self = Self::new(404, 20404, "The requested resource was not found");
    pub(crate) const TOO_MANY: Self = Self::new(429, 20429, "Too Many Requests");
    pub(crate) const BROKEN: Self = Self::new(500, 20500, "An internal server error has occurred");
    pub(crate) const BAD_FORM: Self = Self::new(400, 20001, "Unknown or invalid parameter");
    pub(crate) const TO_INVALID: Self = Self::new(400, 21211, "Invalid 'To' Phone Number");
    pub(crate) const FROM_INVALID: Self = Self::new(400, 21212, "Invalid 'From' Phone Number or sender ID");
    pub(crate) const TO_IS_FROM: Self = Self::new(400, 21266, "'To' and 'From' number cannot be the same");
    pub(crate) const COUNTRY: Self = Self::new(400, 21408, "Permission to send an SMS has not been enabled");
    pub(crate) const BODY_MISSING: Self = Self::new(400, 21602, "Message body is required");
    pub(crate) const FROM_MISSING: Self =
        Self::new(400, 21603, "A 'From' or 'MessagingServiceSid' parameter is required");
    pub(crate) const TO_MISSING: Self = Self::new(400, 21604, "A 'To' phone number is required");
    pub(crate) const FROM_NOT_OURS: Self =
        Self::new(400, 21606, "The 'From' phone number provided is not a valid message-capable number");
    pub(crate) const CALLBACK_INVALID: Self = Self::new(400, 21609, "Invalid 'StatusCallback' URL");
    pub(crate) const OPTED_OUT: Self = Self::new(400, 21610, "Attempt to send to unsubscribed recipient");
    pub(crate) const QUEUE_FULL: Self = Self::new(429, 21611, "This 'From' number has exceeded its queue of messages");
    pub(crate) const NO_ROUTE: Self = Self::new(400, 21612, "The 'To' phone number is not currently reachable");
    pub(crate) const NOT_MOBILE: Self = Self::new(400, 21614, "'To' number is not a valid mobile number");
    pub(crate) const BODY_TOO_LONG: Self =
        Self::new(400, 21617, "The concatenated message body exceeds the 1600 character limit");
    pub(crate) const SERVICE_INVALID: Self = Self::new(404, 21705, "The Messaging Service Sid is invalid");

    const fn new(status: u16, code: u32, message: &'static str) -> Self {
        Self { code, status, message }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).expect("the table above holds valid statuses");
        let more_info = format!("https://www.twilio.com/docs/errors/{}", self.code);
        let body = json!({"code": self.code, "message": self.message, "more_info": more_info, "status": self.status});
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        if self.status == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"Twilio API\""));
        }
        if self.status == 429 {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

//! Codecs: texts that stand for other texts, as `base64` writes them.
//!
//! `"YWRhOnBhc3M="` is `"ada:pass"`. Source: RFC 4648.

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};

use crate::project::values::machine::Machine;
use crate::project::values::value::{HOLE, Reason, Value};

/// Padding may be missing: who takes it off a text puts it back in a way that is not always seen.
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);

fn encoder(codec: &Value) -> Option<GeneralPurpose> {
    match codec.literal()? {
        "base64" => Some(STANDARD),
        "base64url" => Some(URL_SAFE),
        _ => None,
    }
}

fn decoder(codec: &Value) -> Option<GeneralPurpose> {
    let alphabet = match codec.literal()? {
        "base64" => alphabet::STANDARD,
        "base64url" => alphabet::URL_SAFE,
        _ => return None,
    };
    Some(GeneralPurpose::new(&alphabet, LENIENT))
}

impl<'w> Machine<'w> {
    /// `base64.b64encode(text)`
    pub(super) fn encoded(&self, value: &Value, codec: &Value) -> Value {
        match (self.payload(value), encoder(codec)) {
            (Value::Text(text), Some(encoder)) if !text.contains(HOLE) => {
                Value::text(&encoder.encode(text.as_bytes()))
            }
            _ => Value::hole(),
        }
    }

    /// `base64.b64decode(text)`; None for a text that is not encoded so, a hole for bytes that are no text.
    pub(super) fn decoded(&self, value: &Value, codec: &Value) -> Value {
        match (self.payload(value), decoder(codec)) {
            (Value::Text(text), Some(decoder)) if !text.contains(HOLE) => {
                match decoder
                    .decode(text.trim().as_bytes())
                    .map(String::from_utf8)
                {
                    Ok(Ok(decoded)) => Value::text(&decoded),
                    Ok(Err(_)) => Value::hole(),
                    Err(_) => Value::None,
                }
            }
            _ => Value::Unknown(Reason::Runtime),
        }
    }
}

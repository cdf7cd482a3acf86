//! Go's `url.ParseQuery`, `strings.ToLower`, `strings.EqualFold` and `strconv.Atoi`, as far as
//! their answers matter to a server.

use alloc::string::String;
use alloc::vec::Vec;

use super::url::{Component, cut, unescape};

/// The parameters of a URL in the order they stand there.
#[derive(Clone)]
pub(crate) struct Query {
    pub(crate) parameters: Vec<Parameter>,
    /// Something in it was no parameter; the rest was read all the same.
    pub(crate) malformed: bool,
}

/// One parameter, decoded.
#[derive(Clone)]
pub(crate) struct Parameter {
    pub(crate) name: Vec<u8>,
    /// The name in lower case, as Go has it.
    pub(super) lower: String,
    pub(crate) value: Vec<u8>,
}

impl Query {
    pub(crate) fn parse(raw: &[u8]) -> Self {
        let mut query = Self { parameters: Vec::new(), malformed: false };
        for setting in raw.split(|byte| *byte == b'&').filter(|setting| !setting.is_empty()) {
            match Parameter::parse(setting) {
                Some(parameter) => query.parameters.push(parameter),
                None => query.malformed = true,
            }
        }
        query
    }

    /// The first value of the parameter of this lower-case name; empty where there is none.
    pub(super) fn value(&self, lower: &str) -> &[u8] {
        self.parameters
            .iter()
            .find(|parameter| parameter.lower == lower)
            .map_or(&[], |parameter| &parameter.value)
    }

    /// The same as text; `None` where it is absent, empty or no text.
    pub(super) fn text(&self, lower: &str) -> Option<&str> {
        core::str::from_utf8(self.value(lower)).ok().filter(|text| !text.is_empty())
    }

    pub(super) fn signed_headers(&self) -> impl Iterator<Item = &[u8]> {
        self.value("x-amz-signedheaders").split(|byte| *byte == b';')
    }
}

impl Parameter {
    /// `None` for a raw semicolon or a bad escape.
    fn parse(setting: &[u8]) -> Option<Self> {
        if setting.contains(&b';') {
            return None;
        }
        let (name, value) = cut(setting, b'=').unwrap_or((setting, b""));
        let name = unescape(name, Component::Query)?;
        let value = unescape(value, Component::Query)?;
        Some(Self { lower: lower_case(&name), name, value })
    }

    /// The name for a message: at most 64 characters, none of them a control character.
    pub(super) fn printable_name(&self) -> String {
        String::from_utf8_lossy(&self.name)
            .chars()
            .map(|char| if char.is_control() { char::REPLACEMENT_CHARACTER } else { char })
            .take(64)
            .collect()
    }
}

/// Go's `strings.ToLower`, for the names that matter: in ASCII, and with the two letters outside
/// it whose lower case is inside. Bytes that are no text become U+FFFD, as in Go. The case of
/// other letters is left alone: no name with one of them passes, whichever check refuses it.
fn lower_case(name: &[u8]) -> String {
    let mut lower = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        lower.extend(chunk.valid().chars().map(|char| match char {
            '\u{130}' => 'i',
            '\u{212a}' => 'k',
            char => char.to_ascii_lowercase(),
        }));
        lower.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    lower
}

/// Go's `strings.EqualFold` against a lower-case ASCII text.
pub(super) fn equal_folded(text: &[u8], lower: &str) -> bool {
    let Ok(text) = core::str::from_utf8(text) else { return false };
    text.chars()
        .map(|char| match char {
            // The two letters outside ASCII that fold into it.
            '\u{212a}' => 'k',
            '\u{17f}' => 's',
            char => char.to_ascii_lowercase(),
        })
        .eq(lower.chars())
}

/// Go's `strconv.Atoi`: an optional sign, then digits, within 64 bits.
pub(super) fn parse_integer(text: &[u8]) -> Option<i64> {
    let digits = text.strip_prefix(b"+").or_else(|| text.strip_prefix(b"-")).unwrap_or(text);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    core::str::from_utf8(text).ok()?.parse().ok()
}

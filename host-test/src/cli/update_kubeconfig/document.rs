//! A YAML document whose mappings keep their order.

use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap as _, SerializeSeq as _, Serializer};
use serde::{Deserialize, Serialize};

/// Any YAML, with keys that are texts.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Document {
    Null,
    Bool(bool),
    Integer(i128),
    Float(f64),
    Text(String),
    List(Vec<Document>),
    Map(Vec<(String, Document)>),
}

impl Document {
    /// A mapping of these.
    pub(super) fn map<const N: usize>(entries: [(&str, Document); N]) -> Self {
        Self::Map(entries.map(|(key, value)| (key.to_owned(), value)).into())
    }

    /// A list of these texts.
    pub(super) fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self::List(texts.into_iter().map(Self::from).collect())
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// The same, to change it.
    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter_mut().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// Sets a key, where it stands or at the end. Without effect on what is no mapping.
    pub(super) fn set(&mut self, key: &str, value: Self) {
        if let Some(old) = self.get_mut(key) {
            *old = value;
        } else if let Self::Map(entries) = self {
            entries.push((key.to_owned(), value));
        }
    }

    /// The text, if it is one.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<&str> for Document {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i128(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyVisitor)
    }
}

struct AnyVisitor;

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YAML whose keys are texts")
    }

    fn visit_unit<E>(self) -> Result<Document, E> {
        Ok(Document::Null)
    }

    fn visit_none<E>(self) -> Result<Document, E> {
        Ok(Document::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Document, E> {
        Ok(Document::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Document, E> {
        Ok(Document::Integer(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Document, E> {
        Ok(Document::Integer(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Document, E> {
        Ok(Document::Integer(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Document, E> {
        Ok(Document::Float(value))
    }

    fn visit_str<E>(self, text: &str) -> Result<Document, E> {
        Ok(Document::from(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Document, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Document::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Document::Map(entries))
    }
}

/// Reads YAML or JSON; none where there is nothing in it.
pub(super) fn parse(text: &str) -> Result<Option<Document>, serde_saphyr::Error> {
    // What YAML 1.1 and 1.2 read differently stays the text that it was.
    let options = serde_saphyr::options! {
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
    };
    let document: Document = serde_saphyr::from_str_with_options(text, options)?;
    Ok(Some(document).filter(|document| *document != Document::Null))
}

/// Writes YAML in which each text is a text to readers of YAML 1.1, too.
pub(super) fn write(document: &Document) -> Result<String, serde_saphyr::ser::Error> {
    let options = serde_saphyr::ser_options! { folded_wrap_chars: usize::MAX };
    serde_saphyr::to_string_with_options(document, options)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(text: &str) -> Document {
        let first = parse(text).expect("YAML").expect("a document");
        let written = write(&first).expect("it is written");
        assert_eq!(parse(&written).expect("YAML"), Some(first.clone()), "{written}");
        first
    }

    #[test]
    fn keeps_types_and_order() {
        let document = round_trip(
            "zeta: 1\nalpha: [true, null, -5, 1.5, '5', 'true', 'null', '~', \"yes\", '']\n\
             text: |\n  a\n  b\nname: '012345'\nbare: 012345678901\nday: '2020-01-01'\n\
             quoted: \"a: b # c\"\nempty: {}\nnone: []\n",
        );
        let Document::Map(entries) = &document else { panic!("a mapping") };
        let keys: Vec<_> = entries.iter().map(|(key, _)| key.as_str()).collect();
        let expected = ["zeta", "alpha", "text", "name", "bare", "day", "quoted", "empty", "none"];
        assert_eq!(keys, expected);
        let Some(Document::List(items)) = document.get("alpha") else { panic!("a list") };
        assert_eq!(items[0], Document::Bool(true));
        assert_eq!(items[1], Document::Null);
        for (item, text) in items[4..].iter().zip(["5", "true", "null", "~", "yes", ""]) {
            assert_eq!(item.as_text(), Some(text));
        }
        assert_eq!(document.get("text").and_then(Document::as_text), Some("a\nb\n"));
        assert_eq!(document.get("bare").and_then(Document::as_text), Some("012345678901"));
    }

    #[test]
    fn reads_nothing_as_nothing() {
        for nothing in ["", "---\n", "# a comment\n", "null"] {
            assert_eq!(parse(nothing).expect("YAML"), None, "{nothing:?}");
        }
        for broken in ["a: [", "a: b: c", "{"] {
            assert!(parse(broken).is_err(), "{broken:?}");
        }
    }
}

//! A value and the place where it stands, so that an error can name it.

use alloc::borrow::ToOwned as _;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use eks_token_signer::Error;
use serde_json::{Map, Value};

use super::error::{ConfigError, Problem};

/// The longest name of an unknown field that an error repeats, in bytes.
const LONGEST_NAME: usize = 40;

/// A value of a configuration.
pub struct Field<'a> {
    /// Where it stands: `clusters[1].region`. Empty for all of it.
    pub at: String,
    /// What stands there.
    pub value: &'a Value,
}

/// An object of a configuration, of which every field is known.
pub struct Object<'a> {
    at: String,
    fields: &'a Map<String, Value>,
}

impl<'a> Field<'a> {
    /// This is wrong with it.
    #[must_use]
    pub fn error(&self, problem: Problem) -> ConfigError {
        ConfigError { at: self.at.clone(), problem }
    }

    /// An object with no other fields than `known`, names with commas between them.
    ///
    /// # Errors
    /// [`ConfigError`], where it is something else.
    pub fn object(self, known: &'static str) -> Result<Object<'a>, ConfigError> {
        let Value::Object(fields) = self.value else {
            return Err(self.error(Problem::Type("an object")));
        };
        let object = Object { at: self.at, fields };
        let is_unknown = |name: &&String| !known.split(", ").any(|known| known == name.as_str());
        match fields.keys().find(is_unknown) {
            None => Ok(object),
            // A long name is none: a value in the wrong place may be a secret.
            Some(name) if name.len() > LONGEST_NAME => Err(ConfigError {
                at: object.place("(a long name)"),
                problem: Problem::Unknown(known),
            }),
            Some(name) => {
                Err(ConfigError { at: object.place(name), problem: Problem::Unknown(known) })
            }
        }
    }

    /// A text that is not empty.
    ///
    /// # Errors
    /// [`ConfigError`], where it is something else.
    pub fn text(&self) -> Result<&'a str, ConfigError> {
        match self.value {
            Value::String(text) if text.is_empty() => {
                Err(self.error(Problem::Type("a text that is not empty")))
            }
            Value::String(text) => Ok(text),
            _ => Err(self.error(Problem::Type("a text"))),
        }
    }

    /// A text that the signer checks.
    ///
    /// # Errors
    /// [`ConfigError`], where it is something else.
    pub fn checked<T: TryFrom<String, Error = Error>>(&self) -> Result<T, ConfigError> {
        let text = self.text()?.to_owned();
        T::try_from(text).map_err(|error| self.error(Problem::Value(error)))
    }

    /// A number, also as text: not every proxy hands numbers on as such.
    ///
    /// # Errors
    /// [`ConfigError`], where it is something else.
    pub fn number(&self) -> Result<u32, ConfigError> {
        let number = match self.value {
            Value::Number(number) => number.as_u64().and_then(|number| number.try_into().ok()),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        number.ok_or_else(|| self.error(Problem::Type("a whole number")))
    }

    /// True or false, also as text.
    ///
    /// # Errors
    /// [`ConfigError`], where it is something else.
    pub fn flag(&self) -> Result<bool, ConfigError> {
        match self.value {
            Value::Bool(flag) => Ok(*flag),
            Value::String(text) if text == "true" => Ok(true),
            Value::String(text) if text == "false" => Ok(false),
            _ => Err(self.error(Problem::Type("true or false"))),
        }
    }

    /// The entries of a list that is not empty.
    ///
    /// # Errors
    /// [`ConfigError`], where it is something else.
    pub fn list(&self) -> Result<Vec<Field<'a>>, ConfigError> {
        let Value::Array(entries) = self.value else {
            return Err(self.error(Problem::Type("a list")));
        };
        if entries.is_empty() {
            return Err(self.error(Problem::Empty));
        }
        let entry = |(index, value)| Field { at: format!("{}[{index}]", self.at), value };
        Ok(entries.iter().enumerate().map(entry).collect())
    }

    /// The texts of a list that is not empty.
    ///
    /// # Errors
    /// [`ConfigError`], where it is something else.
    pub fn texts(&self) -> Result<Vec<String>, ConfigError> {
        self.list()?.iter().map(|entry| entry.text().map(str::to_owned)).collect()
    }
}

impl<'a> Object<'a> {
    /// A field, if it is there and not null.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<Field<'a>> {
        let value = self.fields.get(name).filter(|value| !value.is_null())?;
        Some(Field { at: self.place(name), value })
    }

    /// A field that must be there; `expected` says what it is.
    ///
    /// # Errors
    /// [`ConfigError`], where it is not.
    pub fn required(&self, name: &str, expected: &'static str) -> Result<Field<'a>, ConfigError> {
        self.optional(name).ok_or_else(|| self.error(name, Problem::Missing(expected)))
    }

    /// The names of its fields.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.fields.keys().map(String::as_str)
    }

    /// This is wrong with a field.
    #[must_use]
    pub fn error(&self, name: &str, problem: Problem) -> ConfigError {
        ConfigError { at: self.place(name), problem }
    }

    fn place(&self, name: &str) -> String {
        if self.at.is_empty() { name.to_owned() } else { format!("{}.{name}", self.at) }
    }
}

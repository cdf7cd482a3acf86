//! What parameters may look like, and how STS says that they do not.

/// The length and the characters of a text.
pub(super) struct Constraint {
    is_required: bool,
    lengths: (usize, usize),
    /// As the message shows it.
    pattern: &'static str,
    allows: fn(char) -> bool,
}

impl Constraint {
    pub(super) const ROLE_ARN: Self = Self {
        is_required: true,
        lengths: (20, 2048),
        pattern: r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+",
        allows: |c| !c.is_control(),
    };
    pub(super) const SESSION_NAME: Self = Self {
        is_required: true,
        lengths: (2, 64),
        pattern: r"[\w+=,.@-]*",
        allows: |c| is_word(c) || "+=,.@-".contains(c),
    };
    pub(super) const EXTERNAL_ID: Self = Self {
        is_required: false,
        lengths: (2, 1224),
        pattern: r"[\w+=,.@:\/-]*",
        allows: |c| is_word(c) || "+=,.@:/-".contains(c),
    };
    pub(super) const SERIAL_NUMBER: Self = Self {
        is_required: false,
        lengths: (9, 256),
        pattern: r"[\w+=/:,.@-]*",
        allows: |c| is_word(c) || "+=/:,.@-".contains(c),
    };
    pub(super) const TOKEN_CODE: Self = Self {
        is_required: false,
        lengths: (6, 6),
        pattern: r"[\d]*",
        allows: |c| c.is_ascii_digit(),
    };
}

const fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// Gathers what is wrong.
#[derive(Default)]
pub(super) struct Validation(Vec<String>);

impl Validation {
    /// Checks a text. The value of a parameter is shown to its sender.
    pub(super) fn check(&mut self, name: &str, value: Option<&str>, constraint: &Constraint) {
        let Some(value) = value else {
            if constraint.is_required {
                self.fail(name, "null", "Member must not be null");
            }
            return;
        };
        let quoted = format!("'{value}'");
        let (shortest, longest) = constraint.lengths;
        let length = value.chars().count();
        if length < shortest {
            let rule = format!("Member must have length greater than or equal to {shortest}");
            self.fail(name, &quoted, &rule);
        }
        if length > longest {
            let rule = format!("Member must have length less than or equal to {longest}");
            self.fail(name, &quoted, &rule);
        }
        if !value.chars().all(constraint.allows) {
            let rule =
                format!("Member must satisfy regular expression pattern: {}", constraint.pattern);
            self.fail(name, &quoted, &rule);
        }
    }

    /// Reads a number of seconds from 900 to 43200.
    pub(super) fn duration(&mut self, name: &str, value: Option<&str>) -> Option<u64> {
        let value = value?;
        let seconds = value.parse().ok();
        let quoted = format!("'{value}'");
        match seconds {
            None | Some(0..900) => {
                self.fail(name, &quoted, "Member must have value greater than or equal to 900");
            }
            Some(43_201..) => {
                self.fail(name, &quoted, "Member must have value less than or equal to 43200");
            }
            Some(_) => {}
        }
        seconds
    }

    /// The message, if there is one.
    pub(super) fn finish(self) -> Result<(), String> {
        let count = self.0.len();
        match count {
            0 => Ok(()),
            1 => Err(format!("1 validation error detected: {}", self.0.join("; "))),
            _ => Err(format!("{count} validation errors detected: {}", self.0.join("; "))),
        }
    }

    /// Members begin with a small letter, unlike the parameters of the same name.
    fn fail(&mut self, name: &str, value: &str, rule: &str) {
        let mut letters = name.chars();
        let first = letters.next().unwrap_or_default().to_ascii_lowercase();
        let member = format!("{first}{}", letters.as_str());
        self.0.push(format!("Value {value} at '{member}' failed to satisfy constraint: {rule}"));
    }
}

#[cfg(test)]
mod tests {
    use super::{Constraint, Validation};

    fn session_name(value: Option<&str>) -> Result<(), String> {
        let mut validation = Validation::default();
        validation.check("RoleSessionName", value, &Constraint::SESSION_NAME);
        validation.finish()
    }

    #[test]
    fn session_names_are_those_of_sts() {
        assert_eq!(session_name(Some("ada@example.com")), Ok(()));
        assert_eq!(
            session_name(None).expect_err("no name"),
            "1 validation error detected: Value null at 'roleSessionName' failed to satisfy \
             constraint: Member must not be null"
        );
        assert_eq!(
            session_name(Some("!")).expect_err("no name"),
            "2 validation errors detected: Value '!' at 'roleSessionName' failed to satisfy \
             constraint: Member must have length greater than or equal to 2; Value '!' at \
             'roleSessionName' failed to satisfy constraint: Member must satisfy regular \
             expression pattern: [\\w+=,.@-]*"
        );
        assert!(session_name(Some(&"a".repeat(64))).is_ok());
        assert!(session_name(Some(&"a".repeat(65))).is_err());
    }

    #[test]
    fn durations_have_bounds() {
        for (value, good) in [("899", false), ("900", true), ("43200", true), ("43201", false)] {
            let mut validation = Validation::default();
            validation.duration("DurationSeconds", Some(value));
            assert_eq!(validation.finish().is_ok(), good, "{value}");
        }
    }
}

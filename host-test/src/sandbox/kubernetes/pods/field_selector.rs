//! Which fields a pod must have: `metadata.name=web-1`.
//!
//! <https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/>

use super::pod::Pod;
use crate::sandbox::kubernetes::status::Status;

/// All of these must hold. Of the fields, those that identify a pod are known.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FieldSelector(Vec<Requirement>);

#[derive(Debug, PartialEq, Eq)]
struct Requirement {
    field: Field,
    value: String,
    /// Whether the field must be equal to the value, or must not.
    equal: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Name,
    Namespace,
}

impl FieldSelector {
    /// 400 where the text cannot be read, or names another field.
    pub(super) fn parse(text: &str) -> Result<Self, Status> {
        let requirements = text.split(',').filter(|text| !text.is_empty());
        requirements.map(Requirement::parse).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn selects(&self, pod: &Pod) -> bool {
        self.0.iter().all(|requirement| {
            let value = match requirement.field {
                Field::Name => pod.name.as_str(),
                Field::Namespace => pod.namespace,
            };
            (value == requirement.value) == requirement.equal
        })
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Requirement {
    fn parse(text: &str) -> Result<Self, Status> {
        let split = |operator, equal| {
            let (field, value) = text.split_once(operator)?;
            Some((field, value, equal))
        };
        let (field, value, equal) = split("!=", false)
            .or_else(|| split("==", true))
            .or_else(|| split("=", true))
            .ok_or_else(|| Status::bad_request(format!("invalid field selector {text:?}")))?;
        let field = match field {
            "metadata.name" => Field::Name,
            "metadata.namespace" => Field::Namespace,
            _ => return Err(Status::bad_request(format!("field label not supported: {field}"))),
        };
        Ok(Self { field, value: value.to_owned(), equal })
    }
}

#[cfg(test)]
mod tests {
    use super::FieldSelector;
    use crate::sandbox::kubernetes::pods::generate;
    use crate::sandbox::kubernetes::pods::pod_name::PodName;

    #[test]
    fn pods_are_selected_by_what_identifies_them() {
        let name = PodName::try_from("a").expect("a name");
        let pod = generate::unmanaged(&name, 1, "eu-central-1", 1_700_000_000);
        for (selector, expected) in [
            ("", true),
            ("metadata.name=a", true),
            ("metadata.name==a,metadata.namespace=default", true),
            ("metadata.name!=a", false),
            ("metadata.name=b", false),
            ("metadata.namespace!=default", false),
        ] {
            let parsed = FieldSelector::parse(selector).expect("a selector");
            assert_eq!(parsed.selects(&pod), expected, "{selector}");
        }
    }

    #[test]
    fn other_fields_are_refused() {
        for selector in ["spec.nodeName=a", "metadata.name", "=", "metadata.name in (a)"] {
            assert!(FieldSelector::parse(selector).is_err(), "{selector}");
        }
    }
}

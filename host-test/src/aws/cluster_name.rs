//! A cluster by name, or by ARN.

use crate::{Cluster, Error, Region};

/// A cluster's name, and the region where an ARN says it.
///
/// `arn:PARTITION:eks:REGION:ACCOUNT:cluster/NAME`
/// (<https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html>)
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterName {
    /// The name.
    pub name: Cluster,
    /// The cluster's region, where it was given by ARN.
    pub region: Option<Region>,
}

impl TryFrom<String> for ClusterName {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        match split_arn(&text) {
            Some((region, name)) => Ok(Self {
                name: name.to_owned().try_into()?,
                region: Some(region.to_owned().try_into()?),
            }),
            None => Ok(Self { name: text.try_into()?, region: None }),
        }
    }
}

/// Region and name of an EKS cluster's ARN. What looks otherwise is a name.
fn split_arn(text: &str) -> Option<(&str, &str)> {
    let mut parts = text.splitn(6, ':');
    let (Some("arn"), Some(_partition), Some("eks")) = (parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let (region, _account, resource) = (parts.next()?, parts.next()?, parts.next()?);
    Some((region, resource.strip_prefix("cluster/")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Option<(String, Option<String>)> {
        let name = ClusterName::try_from(text.to_owned()).ok()?;
        let region = name.region.map(|region| region.as_str().to_owned());
        Some((name.name.as_str().to_owned(), region))
    }

    #[test]
    fn reads_names_and_arns() {
        let named = |name: &str, region: Option<&str>| {
            Some((name.to_owned(), region.map(ToOwned::to_owned)))
        };
        assert_eq!(parts("dev"), named("dev", None));
        assert_eq!(
            parts("arn:aws:eks:eu-west-1:123456789012:cluster/dev"),
            named("dev", Some("eu-west-1"))
        );
        // Nothing of EKS: a name, if an odd one.
        assert_eq!(parts("arn:aws:s3:::bucket"), named("arn:aws:s3:::bucket", None));
        assert_eq!(parts("arn:aws:eks:eu west:1:cluster/dev"), None);
        assert_eq!(parts("arn:aws:eks:eu-west-1:123456789012:cluster/"), None);
        assert_eq!(parts(""), None);
    }
}

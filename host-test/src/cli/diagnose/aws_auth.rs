//! The `ConfigMap` `aws-auth`: mappings as they were written before access entries.
//!
//! <https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html>

use serde_json::Value;

use super::mapping::{Mapped, MappedBy};

/// The mappings in a `ConfigMap` in JSON or YAML, or in a list of such. What cannot be read there
/// the cluster cannot read either: the answer is what is wrong with it.
pub(super) fn parse(text: &str) -> Result<Vec<Mapped>, &'static str> {
    let config_map: Value =
        serde_saphyr::from_str(text).map_err(|_| "it is neither YAML nor JSON")?;
    mappings(&config_map)
}

/// The mappings in a `ConfigMap`.
pub(super) fn mappings(config_map: &Value) -> Result<Vec<Mapped>, &'static str> {
    let data = config_map.get("data").ok_or("it has no data")?;
    let mut mapped = list(&data["mapRoles"], "rolearn", MappedBy::MapRoles)
        .ok_or("its mapRoles is no list of mappings in YAML, so the cluster ignores it")?;
    mapped.extend(
        list(&data["mapUsers"], "userarn", MappedBy::MapUsers)
            .ok_or("its mapUsers is no list of mappings in YAML, so the cluster ignores it")?,
    );
    Ok(mapped)
}

/// The list is YAML in a text.
fn list(text: &Value, key: &str, by: MappedBy) -> Option<Vec<Mapped>> {
    let Some(text) = text.as_str().filter(|text| !text.trim().is_empty()) else {
        return text.is_null().then(Vec::new).or_else(|| text.is_string().then(Vec::new));
    };
    let entries: Vec<Value> = serde_saphyr::from_str(text).ok()?;
    entries
        .iter()
        .map(|entry| Some(Mapped { arn: entry.get(key)?.as_str()?.trim().to_owned(), by }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_lists() {
        let text = "apiVersion: v1
kind: ConfigMap
metadata: {name: aws-auth, namespace: kube-system}
data:
  mapRoles: |
    - rolearn: arn:aws:iam::111122223333:role/node
      username: system:node:{{EC2PrivateDNSName}}
      groups: [system:bootstrappers, system:nodes]
  mapUsers: |
    - userarn: arn:aws:iam::111122223333:user/ada
      groups: [system:masters]
";
        let arns: Vec<_> =
            parse(text).expect("mappings").into_iter().map(|m| (m.arn, m.by)).collect();
        assert_eq!(
            arns,
            [
                ("arn:aws:iam::111122223333:role/node".to_owned(), MappedBy::MapRoles),
                ("arn:aws:iam::111122223333:user/ada".to_owned(), MappedBy::MapUsers),
            ]
        );
    }

    #[test]
    fn says_what_is_wrong() {
        for bad in ["", "[", "data: {mapRoles: \"- a: b\"}", "data: {mapRoles: \"[\"}", "kind: Pod"]
        {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert_eq!(parse("data: {mapRoles: \"\"}"), Ok(Vec::new()));
        assert_eq!(parse("data: {}"), Ok(Vec::new()));
    }
}

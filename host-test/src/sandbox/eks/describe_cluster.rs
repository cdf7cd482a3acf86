//! `GET /clusters/{name}`

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::error::EksError;
use super::{ACCOUNT_ID, EksApi};
use crate::sandbox::kubernetes::{MINOR_VERSION, PLATFORM_VERSION};

impl EksApi {
    /// Describes the cluster of this name, if it is ours.
    pub(super) fn describe_cluster(&self, name: &str) -> Result<Response, EksError> {
        self.check_cluster(name)?;
        Ok(Json(json!({ "cluster": self.cluster() })).into_response())
    }

    fn cluster(&self) -> Value {
        let (name, region) = (self.cluster_name.as_str(), self.region.as_str());
        let log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"];
        let mut cluster = json!({
            "name": name,
            "arn": format!("arn:aws:eks:{region}:{ACCOUNT_ID}:cluster/{name}"),
            "createdAt": self.created_at,
            "version": MINOR_VERSION,
            "platformVersion": PLATFORM_VERSION,
            "status": self.status.as_str(),
            "certificateAuthority": {},
            "roleArn": format!("arn:aws:iam::{ACCOUNT_ID}:role/sandbox-cluster"),
            "resourcesVpcConfig": {
                "subnetIds": ["subnet-0a1b2c3d4e5f60718", "subnet-0f1e2d3c4b5a69788"],
                "securityGroupIds": [],
                "clusterSecurityGroupId": "sg-0123456789abcdef0",
                "vpcId": "vpc-0123456789abcdef0",
                "endpointPublicAccess": true,
                "endpointPrivateAccess": false,
                "publicAccessCidrs": ["127.0.0.0/8"],
            },
            "kubernetesNetworkConfig": { "serviceIpv4Cidr": "10.100.0.0/16", "ipFamily": "ipv4" },
            "logging": { "clusterLogging": [{ "types": log_types, "enabled": false }] },
            "accessConfig": { "authenticationMode": self.authentication_mode.as_str() },
            "health": { "issues": [] },
            "tags": {},
        });
        if self.status.has_endpoint() {
            cluster["endpoint"] = json!(self.endpoint);
            let data = STANDARD.encode(&self.authority_pem);
            cluster["certificateAuthority"] = json!({ "data": data });
        }
        cluster
    }
}

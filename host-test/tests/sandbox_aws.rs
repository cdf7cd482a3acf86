//! The AWS of the sandbox, asked with AWS's own SDK: who may become whom, and what the cluster
//! makes of them.
#![cfg(all(feature = "cli", feature = "sandbox"))]
#![allow(missing_docs, reason = "a test")]

#[path = "sandbox_aws/eks.rs"]
mod eks;
#[path = "sandbox_aws/kubernetes.rs"]
mod kubernetes;
#[path = "sandbox_aws/presigned.rs"]
mod presigned;
#[path = "sandbox_aws/sts.rs"]
mod sts;
#[path = "sandbox_aws/trial.rs"]
mod trial;

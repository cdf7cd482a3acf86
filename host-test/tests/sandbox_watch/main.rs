//! The sandbox's pods as they change: lists that stay consistent, watches that miss nothing, and
//! what becomes of a watch when its token expires.
#![cfg(all(feature = "kube", feature = "sandbox"))]
#![allow(missing_docs, reason = "a test")]

mod ends;
mod events;
mod kubectl;
mod lists;
mod trial;
mod watches;

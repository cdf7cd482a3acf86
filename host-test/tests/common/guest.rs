//! The component without the library around it: raw records in, raw answers out, and an instance
//! that is kept.

#![allow(dead_code, reason = "each test uses its part of it")]

use std::fs;

use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, Store};

#[allow(missing_docs, unreachable_pub, clippy::pedantic, reason = "generated")]
mod bindings {
    wasmtime::component::bindgen!({ world: "token-signer", path: "../wit" });
}

pub(crate) use bindings::TokenSigner;
pub(crate) use bindings::exports::eks::token::types;

/// The component's file, as the build script made it.
pub(crate) const COMPONENT: &str = env!("EKS_TOKEN_COMPONENT");

/// A component, compiled.
pub(crate) struct Program {
    component: Component,
}

impl Program {
    pub(crate) fn compile(file: &str, config: &Config) -> Self {
        let engine = Engine::new(config).expect("the configuration is valid");
        let wasm = fs::read(file).expect("the component was built");
        Self { component: Component::from_binary(&engine, &wasm).expect("it is a component") }
    }

    /// A fresh instance, with nothing to import.
    pub(crate) fn start(&self) -> Guest {
        let engine = self.component.engine();
        let mut store = Store::new(engine, ());
        store.set_epoch_deadline(u64::MAX / 2);
        let world = TokenSigner::instantiate(&mut store, &self.component, &Linker::new(engine))
            .expect("it imports nothing");
        Guest { store, world }
    }
}

/// One instance, kept.
pub(crate) struct Guest {
    pub(crate) store: Store<()>,
    pub(crate) world: TokenSigner,
}

impl Guest {
    pub(crate) fn create_token(
        &mut self,
        credentials: &types::Credentials,
        request: &types::TokenRequest,
    ) -> Result<types::Token, types::Error> {
        self.world
            .eks_token_signer()
            .call_create_token(&mut self.store, credentials, request)
            .expect("no trap")
    }
}

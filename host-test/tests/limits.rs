//! A component that traps, never ends or takes all memory harms no call but its own.
//!
//! The hostile components have the world of the real one; every function of theirs, and every
//! allocation that the host asks of them, does the same one thing. They run in the engine of a
//! good signer that has room for one call at a time, so the good calls get what they left behind.

#![cfg(feature = "compiler")]

#[path = "common/signing.rs"]
mod signing;

use std::path::Path;
use std::time::{Duration, Instant};

use eks_token_host::{Signer, SignerError, SignerOptions};
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve};

const DEADLINE: Duration = Duration::from_millis(100);
const TRAP: &str = "unreachable";
const ENDLESS_LOOP: &str = "loop br 0 end unreachable";
const ALL_MEMORY: &str = "loop i32.const 1 memory.grow i32.const -1 i32.ne br_if 0 end unreachable";

#[test]
fn after_a_trap_the_next_thousand_calls_succeed() {
    let (good, bad) = signers(TRAP);
    let error = signing::create_token(&bad).expect_err("it traps");
    assert!(matches!(error, SignerError::Trapped(_)), "{error}");
    thousand_tokens(&good);
}

#[test]
fn an_endless_loop_ends_within_its_deadline_and_the_next_thousand_calls_succeed() {
    let (good, bad) = signers(ENDLESS_LOOP);
    let start = Instant::now();
    let error = signing::create_token(&bad).expect_err("it is ended");
    let took = start.elapsed();
    assert!(matches!(error, SignerError::DeadlineExceeded), "{error}");
    // Not before, and no later than a tick and what a busy machine adds.
    assert!(took >= DEADLINE, "ended after {took:?}");
    assert!(took < DEADLINE * 3, "ended after {took:?}");
    thousand_tokens(&good);
}

#[test]
fn after_a_guest_that_takes_all_memory_the_next_thousand_calls_succeed() {
    let (good, bad) = signers(ALL_MEMORY);
    let error = signing::create_token(&bad).expect_err("it traps");
    assert!(matches!(error, SignerError::Trapped(_)), "{error}");
    thousand_tokens(&good);
}

#[test]
fn sleep_does_not_keep_the_deadline_from_the_next_call() {
    let (good, bad) = signers(ENDLESS_LOOP);
    signing::create_token(&good).expect("a token");
    // Longer than it takes the watching thread to fall asleep.
    std::thread::sleep(DEADLINE * 4);
    let error = signing::create_token(&bad).expect_err("it is ended");
    assert!(matches!(error, SignerError::DeadlineExceeded), "{error}");
}

#[test]
fn machine_code_is_not_taken_for_a_component() {
    let error = Signer::from_component(b"\x7fELF...", &SignerOptions::default());
    assert!(matches!(error, Err(SignerError::Unusable(_))));
}

#[test]
fn many_threads_share_one_place_in_turn() {
    let signer = Signer::with_options(&options()).expect("it runs");
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| thousand_tokens(&signer));
        }
    });
}

fn options() -> SignerOptions {
    SignerOptions { deadline: DEADLINE, concurrency: 1 }
}

/// A good one, and one whose every function is `body`, in the same engine.
fn signers(body: &str) -> (Signer, Signer) {
    let good = Signer::with_options(&options()).expect("it runs");
    let bad = good.beside(&hostile_component(body)).expect("it compiles");
    (good, bad)
}

fn thousand_tokens(signer: &Signer) {
    let expected = signing::create_token(signer).expect("a token");
    for _ in 0..1000 {
        assert_eq!(signing::create_token(signer).expect("a token"), expected);
    }
}

/// A component of the real world, made from a module whose every function is `body`.
fn hostile_component(body: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit");
    let (package, _) = resolve.push_path(wit).expect("the contract parses");
    let world = resolve.select_world(&[package], Some("token-signer")).expect("the world");
    let module = dummy_module(&resolve, world, ManglingAndAbi::Standard32);
    let text = wasmprinter::print_bytes(&module).expect("it prints");
    let text = text.replace("unreachable", body).replace("(memory (;0;) 0)", "(memory (;0;) 1)");
    let mut module = wat::parse_str(text).expect("it parses");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("it does");
    ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .and_then(|mut encoder| encoder.encode())
        .expect("it encodes")
}

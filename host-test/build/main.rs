//! Builds the signer component and compiles it ahead of time, so that the library and the binaries
//! carry machine code and no compiler.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

mod component;
#[path = "../src/signer/settings.rs"]
mod settings;

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    for source in ["src", "wit", "Cargo.toml", "Cargo.lock", ".cargo/config.toml"] {
        println!("cargo::rerun-if-changed={}", workspace.join(source).display());
    }
    let component = component::build(&workspace, &out.join("component"), &[])?;
    write_machine_code(&out, &fs::read(&component)?)?;
    println!("cargo::rustc-env=EKS_TOKEN_COMPONENT={}", component.display());
    Ok(())
}

/// What the signer's vector code wants of an x86-64 beyond the plain baseline: every such CPU since
/// 2009 has it. Without, each shuffle becomes a call, and a token takes four times as long.
const X86_64_EXTENSIONS: [&str; 5] =
    ["has_sse3", "has_ssse3", "has_sse41", "has_sse42", "has_popcnt"];

/// Writes the machine code and a list of it, the fastest first. The last is for the plain CPU
/// baseline of the target, so that a binary built on one machine runs on any other.
fn write_machine_code(out: &Path, component: &[u8]) -> Result<(), Box<dyn Error>> {
    let mut flavours: Vec<(&str, &[&str])> = vec![("plain", &[])];
    if env::var("CARGO_CFG_TARGET_ARCH")? == "x86_64" {
        flavours.insert(0, ("extended", &X86_64_EXTENSIONS));
    }
    let mut list = String::from("&[");
    for (name, extensions) in flavours {
        let file = out.join(name).with_extension("cwasm");
        fs::write(&file, compile(component, extensions)?)?;
        write!(list, "include_bytes!({:?}).as_slice(),", file.display().to_string())?;
    }
    fs::write(out.join("machine_code.rs"), list + "]")?;
    Ok(())
}

/// For exactly these CPU extensions, whatever the building machine has.
fn compile(component: &[u8], extensions: &[&str]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut config = settings::config();
    config.target(&env::var("TARGET")?)?;
    for extension in extensions {
        #[expect(unsafe_code, reason = "wasmtime asks for it")]
        // SAFETY: the runtime refuses the code where the CPU lacks one of them.
        unsafe {
            config.cranelift_flag_enable(extension);
        }
    }
    Ok(wasmtime::Engine::new(&config)?.precompile_component(component)?)
}

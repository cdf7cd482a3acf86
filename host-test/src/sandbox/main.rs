//! The command `eks-token-sandbox`: a local EKS, for trying things out.

mod command;

use std::process::ExitCode;

fn main() -> ExitCode {
    command::main()
}

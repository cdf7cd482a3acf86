//! What to type in another terminal to be in the sandbox.

use std::io::{Write as _, stdout};

use eks_token_host::sandbox::{CONFLICTING_VARIABLES, Identity, Sandbox};

use super::failure::Failure;

/// Prints it to standard output. It can be pasted into a shell, or read by one.
pub(super) fn print(sandbox: &Sandbox, identity: Identity) -> Result<(), Failure> {
    let exports: String = sandbox
        .environment(identity)
        .iter()
        .map(|(name, value)| format_export(name, value))
        .collect();
    let text = format!(
        "# A cluster is being served at {url} until Ctrl-C.\n\
         # In another terminal:\n\
         unset {conflicting}\n\
         {exports}\
         # And then, for instance:\n\
         #   eks-token pods --cluster-name {name} --all-namespaces\n",
        url = sandbox.kubernetes_url(),
        conflicting = CONFLICTING_VARIABLES.join(" "),
        name = sandbox.cluster_name().as_str(),
    );
    let mut stdout = stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(Failure::Output)
}

/// Quoted so that a shell takes every character as it is.
fn format_export(name: &str, value: &str) -> String {
    format!("export {name}='{}'\n", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::format_export;

    #[test]
    fn a_shell_takes_values_as_they_are() {
        assert_eq!(format_export("A", "b/+="), "export A='b/+='\n");
        assert_eq!(format_export("A", "it's"), "export A='it'\\''s'\n");
    }
}

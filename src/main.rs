//! The binary: hands its arguments to the library and its exit code to the shell.

fn main() {}

//! Input that nobody wants: each gets a clear message or is reported as not read, with the right exit code, in bounded time and
//! memory, and without a panic. All of it through the binary.
//!
//! `run` knows how to ask; `files` is about files and folders, `python` about Python that is deep, endless or turned on itself,
//! `scripts` about those of a frontend, `outputs` about places that can't be written to.

#![allow(clippy::unwrap_used)]
#![cfg(unix)]

mod files;
mod outputs;
mod python;
mod run;
mod scripts;

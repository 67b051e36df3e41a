//! Where a report's bytes go: to a file, whole or not at all, or to the standard output.
//!
//! `covgap report -o out` while a browser shows `out/index.html`: the browser sees the old report or the new one, never a half.
//! This is the only file of the room that touches the disk.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::Error;

/// Writes what `render` writes to a temporary file beside `path`, then renames it; folders on the way are made. A link stays one, and
/// what is no file (`/dev/null`, a pipe) is written to as it is.
pub fn to_file(
    path: &Path,
    render: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Error> {
    replace(path, render).map_err(|error| {
        Error::at(path, format!("cannot write the report: {error}"))
            .help("choose another place with -o")
    })
}

/// Writes files where none are yet: all of them, or none and an error that names one that is there. Folders on the way are made.
pub fn to_new_files(files: &[(PathBuf, &str)]) -> Result<(), Error> {
    let is_there = |path: &Path| {
        Error::at(path, "there is such a file already")
            .help("nothing was written over; name another folder with -o, or move the file")
    };
    let mut paths = BTreeSet::new();
    for (path, _) in files {
        if !paths.insert(path) || path.symlink_metadata().is_ok() {
            return Err(is_there(path));
        }
    }
    for (path, text) in files {
        let written = create(path, |out| out.write_all(text.as_bytes()))
            .and_then(|file| file.persist_noclobber(path).map_err(|error| error.error));
        written.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => is_there(path),
            _ => Error::at(path, format!("cannot write it: {error}"))
                .help("choose another place with -o"),
        })?;
    }
    Ok(())
}

fn replace(path: &Path, render: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let meant = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    if fs::metadata(&meant).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        let mut out = BufWriter::new(fs::OpenOptions::new().write(true).open(&meant)?);
        render(&mut out)?;
        return out.flush();
    }
    let file = create(&meant, render)?;
    file.persist(&meant).map_err(|error| error.error)?;
    Ok(())
}

/// A temporary file beside the path.
fn create(
    path: &Path,
    render: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let mut builder = Builder::new();
    builder.prefix(".covgap-");
    // A temporary file is private by default; a report has the rights of any new file (the process's umask takes its part).
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut out = BufWriter::new(builder.tempfile_in(folder)?);
    render(&mut out)?;
    out.into_inner().map_err(|error| error.into_error())
}

/// Writes to `out`, which is the standard output or stands for it. A reader that has seen enough (`| head`) is no error.
pub fn to_stream(
    out: &mut dyn Write,
    render: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Error> {
    let mut buffered = BufWriter::new(out);
    match render(&mut buffered).and_then(|()| buffered.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::new(format!(
            "cannot write to the standard output: {error}"
        ))),
        Err(_) | Ok(()) => {
            // What is left in the buffer has no reader any more; dropping the writer would try once more.
            drop(buffered.into_parts());
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_render_leaves_the_old_report_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/report.json");
        to_file(&path, |out| out.write_all(b"old")).unwrap();
        let failed = to_file(&path, |out| {
            out.write_all(b"half")?;
            Err(io::Error::other("no more"))
        });
        assert!(failed.unwrap_err().to_string().contains("no more"));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_report_replaces_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        for text in ["first", "second"] {
            to_file(&path, |out| out.write_all(text.as_bytes())).unwrap();
        }
        assert_eq!(fs::read(&path).unwrap(), b"second");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("there.json"), folder.path().join("link"));
        fs::write(&path, "old").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        to_file(&link, |out| out.write_all(b"new")).unwrap();
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_written_to_and_stays_one() {
        use std::os::unix::fs::FileTypeExt;
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let other_end = pipe.clone();
        let reader = std::thread::spawn(move || fs::read(other_end).unwrap());
        to_file(&pipe, |out| out.write_all(b"text")).unwrap();
        assert!(pipe.symlink_metadata().unwrap().file_type().is_fifo());
        assert_eq!(reader.join().unwrap(), b"text");
    }

    #[test]
    fn a_folder_that_is_a_file_is_an_error_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("out"), "").unwrap();
        let error = to_file(&folder.path().join("out/index.html"), |_| Ok(())).unwrap_err();
        assert!(error.place().unwrap().ends_with("out/index.html"));
    }

    #[test]
    fn only_a_closed_pipe_is_forgiven() {
        struct Fails(ErrorKind);
        impl Write for Fails {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::Error::from(self.0))
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let write = |kind| to_stream(&mut Fails(kind), |out| out.write_all(b"text"));
        assert!(write(ErrorKind::BrokenPipe).is_ok());
        assert!(write(ErrorKind::StorageFull).is_err());
    }
}

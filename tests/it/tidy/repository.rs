//! Reads the repository once: the files that git knows or would take, and what cargo says of the crates.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// A text file of the repository.
pub(super) struct SourceFile {
    /// Its path below the root, with slashes.
    pub(super) path: String,
    /// What it says.
    pub(super) text: String,
}

impl SourceFile {
    pub(super) fn ends_with(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }

    pub(super) fn is_below(&self, folder: &str) -> bool {
        self.path.starts_with(folder)
    }
}

static FILES: LazyLock<Vec<SourceFile>> = LazyLock::new(|| {
    let listed = run(Command::new("git").args(["-c", "safe.directory=*", "ls-files", "-z"]).args([
        "--cached",
        "--others",
        "--exclude-standard",
    ]));
    let paths = listed.split('\0').filter(|path| !path.is_empty());
    // A file that was deleted but not yet committed, or that is no text, has nothing to check.
    let read = |path: &str| {
        let text = std::fs::read_to_string(root().join(path)).ok()?;
        Some(SourceFile { path: path.to_owned(), text })
    };
    paths.filter_map(read).collect()
});

static METADATA: LazyLock<serde_json::Value> = LazyLock::new(|| {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let answer = run(Command::new(cargo).args(["metadata", "--no-deps", "--offline", "--format-version", "1"]));
    serde_json::from_str(&answer).expect("cargo metadata answers JSON")
});

/// The folder of the root manifest.
pub(super) fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("tests/ lies in the repository").to_owned()
}

/// Every text file that git knows or would take.
pub(super) fn files() -> &'static [SourceFile] {
    &FILES
}

/// The files of one kind.
pub(super) fn files_ending(ending: &str) -> impl Iterator<Item = &'static SourceFile> {
    files().iter().filter(move |file| file.ends_with(ending))
}

/// One file that must be there.
pub(super) fn text_of(path: &str) -> &'static str {
    let file = files().iter().find(|file| file.path == path);
    &file.unwrap_or_else(|| panic!("{path} is missing")).text
}

/// One crate of the workspace, as cargo sees it.
pub(super) struct Package {
    /// The name of its folder, which is how our documents call it.
    pub(super) folder: String,
    /// What it is built with; what only its tests use is left out.
    pub(super) dependencies: Vec<Dependency>,
}

/// What a crate is built with.
pub(super) struct Dependency {
    /// The name in the registry.
    pub(super) name: String,
    /// The folder, where it is one of ours.
    pub(super) ours: Option<String>,
    /// True where only tests use it.
    pub(super) for_tests: bool,
}

/// Every crate of the workspace.
pub(super) fn packages() -> Vec<Package> {
    let list = METADATA["packages"].as_array().expect("cargo metadata lists packages");
    list.iter().map(package).collect()
}

fn package(value: &serde_json::Value) -> Package {
    let manifest = Path::new(value["manifest_path"].as_str().expect("a package has a manifest"));
    let dependencies = value["dependencies"].as_array().expect("a package lists what it depends on");
    Package {
        folder: last_part(manifest.parent().expect("a manifest lies in a folder")),
        dependencies: dependencies.iter().map(dependency).collect(),
    }
}

fn dependency(value: &serde_json::Value) -> Dependency {
    Dependency {
        name: value["name"].as_str().expect("a dependency has a name").to_owned(),
        ours: value["path"].as_str().map(|path| last_part(Path::new(path))),
        for_tests: value["kind"] == "dev",
    }
}

fn last_part(path: &Path) -> String {
    path.file_name().and_then(|name| name.to_str()).expect("a crate's folder has a name").to_owned()
}

fn run(command: &mut Command) -> String {
    let output = command.current_dir(root()).output().expect("git and cargo can be started");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("git and cargo answer in UTF-8")
}

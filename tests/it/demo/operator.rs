//! The operator's commands on a new installation: 0 when it is done, 1 when it cannot be done, 2 when it was asked in
//! the wrong way.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use scenarios::process::binary;
use scenarios::update::samples;
use tempfile::TempDir;

use super::child::Demo;
use super::command::{Installed, run, without_settings};

/// An installation with a schema and the lists of NHS Wales.
async fn set_up() -> (Installed, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let installed = Installed::new(folder.path());
    assert!(installed.does(&["migrate"]).await.contains("applied"));
    installed.does(&["load", &lists()]).await;
    (installed, folder)
}

fn lists() -> String {
    samples().join("nhs-wales").display().to_string()
}

#[tokio::test]
async fn wrong_usage_is_two_and_help_is_nought() {
    let cases: [&[&str]; 5] = [
        &["nonsense"],
        &[],
        &["demo", "--speed", "0"],
        &["audit", "export"],
        &["staff", "add", "--email", "a@hysbys.example"],
    ];
    for case in cases {
        let ended = run(case).await;
        assert_eq!(ended.code, 2, "hysbys {case:?}: {ended:?}");
        assert!(ended.complained.contains("--help"), "{}", ended.complained);
    }
    for case in [&["--help"][..], &["--version"], &["demo", "--help"], &["subscribers", "import", "--help"]] {
        assert_eq!(run(case).await.code, 0, "hysbys {case:?}");
    }
}

#[tokio::test]
async fn a_demo_leaves_a_folder_that_is_in_use_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("letter.txt"), "dear").expect("a file");
    let ended = run(&["demo", "--data", &folder.path().display().to_string()]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.complained.contains("not empty"), "{}", ended.complained);
}

#[tokio::test]
async fn migrating_and_loading_can_be_repeated() {
    let (installed, _folder) = set_up().await;
    assert_eq!(installed.does(&["migrate"]).await.trim(), "nothing to do");
    let first = installed.does(&["load", &lists()]).await;
    assert!(first.contains("services"), "{first}");
    assert_eq!(installed.does(&["load", &lists()]).await, first, "nothing is there twice");
    let ended = installed.run(&["load", "/nowhere"]).await;
    assert_eq!(ended.code, 1, "{ended:?}");
}

#[tokio::test]
async fn a_check_says_what_works_and_fails_when_something_does_not() {
    let (installed, folder) = set_up().await;
    let said = installed.does(&["check"]).await;
    for part in ["configuration", "key", "database", "templates and locales"] {
        assert!(said.lines().any(|line| line.starts_with("ok") && line.contains(part)), "{part}: {said}");
    }
    std::fs::write(folder.path().join("token"), "secret-of-the-provider").expect("a file");
    let provider = "[[sms.providers]]\nname = \"away\"\nbase_url = \"http://127.0.0.1:9\"\naccount_sid = \"AC1\"\n\
                    auth_token_file = \"token\"\nfrom = \"+447700900999\"\n";
    let away = installed.and(provider);
    let ended = away.run(&["check"]).await;
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.said.lines().any(|line| line.starts_with("FAILED") && line.contains("away")), "{}", ended.said);
    let shown = away.does(&["config"]).await;
    assert!(shown.contains("away") && !shown.contains("secret-of-the-provider"), "secrets are masked: {shown}");
}

#[tokio::test]
async fn every_mistake_in_a_configuration_is_named_before_anything_is_done() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let installed = Installed::new(folder.path()).and("[page]\nlisten = \"nowhere\"\ncolour = \"blue\"\n");
    for command in ["check", "migrate", "serve"] {
        let ended = installed.run(&[command]).await;
        assert_eq!(ended.code, 1, "{command}: {ended:?}");
        assert!(ended.complained.contains("page"), "{command}: {}", ended.complained);
    }
    assert!(!folder.path().join("hysbys.db").exists(), "nothing was made");
}

#[tokio::test]
async fn staff_are_invited_and_tokens_are_made_only_for_people_who_are_there() {
    let (installed, _folder) = set_up().await;
    let email = "nia@hysbys.example";
    let add = ["staff", "add", "--email", email, "--name", "Nia", "--role", "approver", "--organisation", "nhs-wales"];
    let said = installed.does(&add).await;
    assert!(said.contains("/set-up/") && said.contains("Set-up code:"), "{said}");
    let token = installed.does(&["staff", "token", "--email", email, "--name", "script"]).await;
    assert!(token.starts_with("hysbys_") && token.trim().len() > 40, "a long token");
    assert_ne!(installed.does(&add).await, said, "who lost the link gets another");
    let refused: [&[&str]; 2] = [
        &["staff", "token", "--email", "nobody@hysbys.example", "--name", "script"],
        &["staff", "add", "--email", "b@hysbys.example", "--name", "B", "--role", "king"],
    ];
    for case in refused {
        let ended = installed.run(case).await;
        assert_eq!(ended.code, 1, "{case:?}: {ended:?}");
    }
}

#[tokio::test]
async fn subscribers_are_tried_imported_exported_and_erased() {
    let (installed, folder) = set_up().await;
    let sample = samples().join("subscribers.csv").display().to_string();
    let people = std::fs::read_to_string(&sample).expect("the sample").lines().count() - 1;
    let tried = installed.does(&["subscribers", "import", &sample, "--dry-run"]).await;
    assert!(tried.contains(&format!("{people} people could be imported")), "{tried}");
    let exported = async || installed.does(&["subscribers", "export"]).await.lines().count() - 1;
    assert_eq!(exported().await, 0, "trying changes nothing");
    installed.does(&["subscribers", "import", &sample]).await;
    assert_eq!(exported().await, people);
    installed.does(&["subscribers", "import", &sample]).await;
    assert_eq!(exported().await, people, "nobody is there twice");
    installed.does(&["subscribers", "erase", "--contact", "07700 900941"]).await;
    assert_eq!(exported().await, people - 1);
    let again = installed.does(&["subscribers", "import", &sample]).await;
    assert_eq!(exported().await, people - 1, "who was erased is not brought back");
    let said = format!("0 people imported, {} were known, 1 asked not to be contacted", people - 1);
    assert!(again.contains(&said), "{again}");
    let tried = installed.does(&["subscribers", "import", &sample, "--dry-run"]).await;
    assert!(tried.contains(&format!("{} people could be imported, 1 asked", people - 1)), "{tried}");

    let broken = folder.path().join("broken.csv");
    std::fs::write(&broken, "channel,contact,language,areas,min_severity,consent_source,consented_at\nsms,07700900123,fr,pthb,serious,form,2017-11-06T10:15:00Z\n").expect("a file");
    let ended = installed.run(&["subscribers", "import", &broken.display().to_string()]).await;
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.complained.contains("line 2") && !ended.complained.contains("900123"), "{}", ended.complained);
}

#[tokio::test]
async fn an_export_that_is_not_read_to_its_end_ends_without_a_word() {
    let (installed, folder) = set_up().await;
    let file = folder.path().join("many.csv");
    let line = |n| format!("email,person{n}@inbox.example,en,nhs-wales,serious,form,2017-11-06T10:15:00Z\n");
    let heading = "channel,contact,language,areas,min_severity,consent_source,consented_at\n".to_owned();
    // More than a pipe holds, so that the command is still writing when nobody reads on.
    std::fs::write(&file, heading + &(0..3_000).map(line).collect::<String>()).expect("a file");
    installed.does(&["subscribers", "import", &file.display().to_string()]).await;
    let ended = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(binary());
        without_settings(&mut command);
        command.args(["subscribers", "export", "--config"]).arg(installed.file("hysbys.toml"));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut first = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut first).expect("a line");
        assert!(first.starts_with("channel,contact"), "{first}");
        child.wait_with_output().expect("it ends")
    });
    let ended = ended.await.expect("it ends");
    assert_eq!((ended.status.code(), String::from_utf8_lossy(&ended.stderr).as_ref()), (Some(0), ""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_health_check_tells_a_ready_process_from_none() {
    let demo = Demo::start(&["--paused"]).await;
    let installed = demo.installed();
    installed.does(&["healthcheck"]).await;
    let _kept = demo.stop().await;
    assert_eq!(installed.run(&["healthcheck"]).await.code, 1, "nobody answers any more");
}

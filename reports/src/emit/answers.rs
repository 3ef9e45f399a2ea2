//! Answers of the owner that stand in a folder already: whatever is generated again keeps them.
//!
//! The file is not written anew but added to, so that remarks stay as well. Where that cannot be
//! done without losing something, nothing is written.

use miette::Diagnostic;
use serde_json::{Map, Value};

/// The file in which the owner answers, and which is not written over.
pub const ANSWERS: &str = "kubernetes/inputs.yaml";

/// What became of a file with answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What it holds from now on: all that it held before, and what it lacked.
    pub text: String,
    /// How many inputs have an answer in it that is not the one that was proposed.
    pub answered: usize,
    /// The inputs that it lacked.
    pub added: Vec<String>,
    /// The inputs that nobody asks for any more.
    pub unasked: Vec<String>,
}

/// Why a file with answers is not added to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Diagnostic)]
#[error("{ANSWERS} holds answers that would be lost: {why}")]
#[diagnostic(code(emit::answers), help("{help}"))]
pub struct Lost {
    why: String,
    help: String,
}

impl Lost {
    fn unreadable(why: &str) -> Self {
        let help = "mend the file or move it away, and emit again; nothing was written";
        Self { why: why.to_owned(), help: help.to_owned() }
    }

    fn of_another(theirs: &str, own: &str) -> Self {
        Self {
            why: format!("they are those of {theirs}, and this is {own}"),
            help: format!(
                "give a folder of its own with --out, or move the file away; where {theirs} is \
                 {own} by now, write that as its namespace; nothing was written"
            ),
        }
    }

    fn no_place(added: &[String]) -> Self {
        let names = added.join(", ");
        Self {
            why: format!("there is no place at its end for {names}"),
            help: format!("add {names} to its data with null, and emit again; nothing was written"),
        }
    }
}

/// Adds to a file what it lacks of one that was generated.
///
/// # Errors
/// When the file cannot be read, or not be added to without losing something of it.
///
/// # Panics
/// When what was generated is no YAML.
pub fn keep(emitted: &str, there: &str) -> Result<Kept, Lost> {
    let asked = read(emitted).expect("what is generated can be read");
    let before = read(there).map_err(|why| Lost::unreadable(&why))?;
    let of = |map: &Value| ["apiVersion", "kind"].map(|key| map[key].clone());
    if of(&before) != of(&asked) || before["metadata"]["name"] != asked["metadata"]["name"] {
        let name = asked["metadata"]["name"].as_str().unwrap_or_default();
        return Err(Lost::unreadable(&format!("it is not the map {name} that answers are in")));
    }
    let namespace = |map: &Value| map["metadata"]["namespace"].as_str().map(str::to_owned);
    if let (Some(theirs), Some(own)) = (namespace(&before), namespace(&asked))
        && theirs != own
    {
        return Err(Lost::of_another(&theirs, &own));
    }
    let (asked, held) = (data(&asked), data(&before));
    let lacks = |key: &&String| !held.contains_key(*key);
    let added: Vec<String> = asked.keys().filter(lacks).cloned().collect();
    let text = appended(there, emitted, &added);
    let after = read(&text).map_err(|_| Lost::no_place(&added))?;
    let mut expected = before;
    for key in &added {
        expected["data"][key.as_str()] = asked[key].clone();
    }
    if after != expected {
        return Err(Lost::no_place(&added));
    }
    // What stands there as it was proposed, nobody has answered.
    let own = |(key, value): &(&String, &Value)| !value.is_null() && asked.get(*key) != Some(value);
    let answered = held.iter().filter(own).count();
    let unasked = held.keys().filter(|key| !asked.contains_key(*key)).cloned().collect();
    Ok(Kept { text, answered, added, unasked })
}

fn read(text: &str) -> Result<Value, String> {
    let read: Result<Value, _> = serde_saphyr::from_str(text);
    match read {
        Ok(value) if value["data"].is_object() || value["data"].is_null() => Ok(value),
        Ok(_) => Err("its data are no map".to_owned()),
        Err(fault) => Err(fault.to_string()),
    }
}

fn data(map: &Value) -> Map<String, Value> {
    map["data"].as_object().cloned().unwrap_or_default()
}

/// A text with the lines of another one that some keys and their remarks stand on.
fn appended(there: &str, emitted: &str, keys: &[String]) -> String {
    let mut text = there.to_owned();
    if !keys.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    let mut remarks = String::new();
    let lines = emitted.lines().skip_while(|line| *line != "data:").skip(1);
    for line in lines {
        remarks.push_str(line);
        remarks.push('\n');
        if line.trim_start().starts_with('#') {
            continue;
        }
        let own: Result<Map<String, Value>, _> = serde_saphyr::from_str(line);
        if own.is_ok_and(|own| own.keys().any(|key| keys.contains(key))) {
            text.push_str(&remarks);
        }
        remarks.clear();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMITTED: &str = "# What only the owner can say.\n---\napiVersion: v1\nkind: ConfigMap\n\
        metadata:\n  name: inputs\ndata:\n  # app: its image.\n  app_image: null\n  # db: where\n  \
        # it is.\n  db_host: db.web.internal\n  \"null\": null\n";

    #[test]
    fn a_file_that_lacks_nothing_stays_as_it_is() {
        let answered = EMITTED.replace("app_image: null", "app_image: 'x'  # mine") + "# end";
        let kept = keep(EMITTED, &answered).expect("it is kept");
        assert_eq!((kept.text, kept.answered), (answered, 1));
        assert_eq!(keep(EMITTED, EMITTED).expect("it is kept").answered, 0);
        assert!(kept.added.is_empty() && kept.unasked.is_empty());
    }

    #[test]
    fn what_is_lacking_is_added_with_its_remark_and_nothing_is_lost() {
        let there = "# mine\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: inputs}\ndata:\n  \
            app_image: x # of mine\n  old_image: y";
        let kept = keep(EMITTED, there).expect("it is kept");
        let more = "\n  # db: where\n  # it is.\n  db_host: db.web.internal\n  \"null\": null\n";
        assert_eq!(kept.text, format!("{there}{more}"));
        assert_eq!(kept.added, ["db_host", "null"]);
        assert_eq!((kept.answered, kept.unasked), (2, vec!["old_image".to_owned()]));
    }

    /// Another map, no map, no YAML, and places where nothing can be added.
    #[test]
    fn what_would_be_lost_is_not_touched() {
        let other = EMITTED.replace("name: inputs", "name: mine");
        let no_map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: inputs}\ndata: [1]\n";
        let flow = no_map.replace("[1]", "{app_image: x}");
        let within = EMITTED.replace("  app_image: null", "  app_image: x") + "more:\n  x: y\n";
        let within = within.replace("  \"null\": null\n", "");
        let wide = flow.replace("{app_image: x}", "\n    app_image: x");
        for there in [&*other, no_map, "", "a: b: c\n", &flow, &within, &wide] {
            let lost = keep(EMITTED, there).expect_err("it would be lost");
            assert!(lost.to_string().contains("would be lost"), "{there}");
        }
        let lost = keep(EMITTED, &flow).expect_err("it would be lost");
        assert!(lost.help.contains("db_host, null"), "{}", lost.help);
    }

    /// What somebody answered for one system is no answer for another one in the same folder.
    #[test]
    fn answers_of_another_system_are_neither_used_nor_lost() {
        let of = |name: &str| {
            EMITTED.replace("  name: inputs\n", &format!("  name: inputs\n  namespace: {name}\n"))
        };
        let there = of("shop").replace("app_image: null", "app_image: shop:1");
        let lost = keep(&of("web"), &there).expect_err("they are of the shop");
        assert!(lost.why.contains("those of shop, and this is web"), "{}", lost.why);
        assert_eq!(keep(&of("shop"), &there).expect("it is kept").text, there);
        // Who answered without a namespace is taken at the word.
        let nameless = there.replace("  namespace: shop\n", "");
        assert_eq!(keep(&of("web"), &nameless).expect("it is kept").answered, 1);
    }
}

//! What AWS takes as tags.

use domain::offer::Provider;

use crate::emit::terraform::labels::Tags;

/// Of fifty tags of a resource two are the module's, a name and a service. What all services that
/// are used take: letters, digits and spaces of any script, and some signs; keys that differ by
/// their case alone are one key of a role. After
/// <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>.
pub(in crate::emit) const TAGS: Tags = Tags {
    cloud: Provider::Aws,
    most: 48,
    letters: (128, 256),
    takes: (is_taken, is_taken),
    kept: &["aws:"],
    own: &["service", "Name"],
    help: "AWS takes keys of 128 and values of 256 letters, digits, spaces and + - = . _ : / @, \
           none that is service or Name or begins with aws:, and 48 of them; what is for people \
           alone can be an annotation",
};

fn is_taken(letter: char) -> bool {
    letter.is_alphanumeric() || " +-=._:/@".contains(letter)
}

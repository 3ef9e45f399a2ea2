//! What Azure takes as tags.

use domain::offer::Provider;

use crate::emit::terraform::labels::Tags;

/// Of fifty tags of a resource one is the module's, the service; after
/// <https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources>.
pub(super) const TAGS: Tags = Tags {
    cloud: Provider::Azure,
    most: 49,
    letters: (512, 256),
    takes: (|letter| !letter.is_control() && !"<>%&\\?/".contains(letter), |_| true),
    kept: &["microsoft", "azure", "windows"],
    own: &["service"],
    help: "Azure takes names of 512 and values of 256 letters, \
           none with < > % & \\ ? /, none that is service or begins with microsoft, azure or \
           windows, and 49 of them; what is for people alone can be an annotation",
};

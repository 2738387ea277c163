// Every page works without this file; each part here makes one thing quicker for a person.
import "@hotwired/turbo";
import { AddressField } from "./addresses/address-field";
import { CaseEditor } from "./case/case-editor";
import { watchSignOut as watchCases } from "./case/kept";
import { LabelPicks } from "./case/label-picks";
import { FileDrop } from "./case/file-drop";
import { MarkdownPreview } from "./case/markdown-preview";
import { PicturePaste } from "./case/picture-paste";
import { StepsField } from "./case/steps-field";
import { CaseList } from "./elements/case-list";
import { CommandPalette } from "./elements/command-palette";
import { CopyLink } from "./elements/copy-link";
import { CopyText } from "./elements/copy-text";
import { FilterList } from "./elements/filter-list";
import { FlashMessage } from "./elements/flash-message";
import { FolderTree } from "./elements/folder-tree";
import { InviteDialog } from "./elements/invite-dialog";
import { KeySuggestion } from "./elements/key-suggestion";
import { KeptDraft, watchSignOut } from "./elements/kept-draft";
import { LiveUpdates } from "./elements/live-updates";
import { LocalTime } from "./elements/local-time";
import { MessageField } from "./elements/message-field";
import { RoleField } from "./elements/role-field";
import { watchDialogs } from "./dialogs";
import { watchFocus } from "./focus";
import { watchKeys } from "./keys/letters";
import { watchAsking } from "./live/ear";
import { forgetVisited } from "./palette/recent";
import { watchSelectAll } from "./select-all";
import { watchSubmits } from "./submit-once";
import { watchTheme } from "./theme";

const elements = {
  // Before the editor puts a kept draft back, the steps can take theirs.
  "steps-field": StepsField,
  "address-field": AddressField,
  "case-editor": CaseEditor,
  "case-list": CaseList,
  "command-palette": CommandPalette,
  "copy-link": CopyLink,
  "copy-text": CopyText,
  "file-drop": FileDrop,
  "filter-list": FilterList,
  "flash-message": FlashMessage,
  "folder-tree": FolderTree,
  "invite-dialog": InviteDialog,
  "kept-draft": KeptDraft,
  "key-suggestion": KeySuggestion,
  "label-picks": LabelPicks,
  "live-updates": LiveUpdates,
  "local-time": LocalTime,
  "markdown-preview": MarkdownPreview,
  "message-field": MessageField,
  "picture-paste": PicturePaste,
  "role-field": RoleField,
};
for (const [name, element] of Object.entries(elements)) {
  if (!customElements.get(name)) customElements.define(name, element);
}

watchAsking();
watchCases();
watchDialogs();
watchFocus();
watchKeys();
forgetVisited();
watchSignOut();
watchSelectAll();
watchSubmits();
watchTheme();

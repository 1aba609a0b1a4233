# What became of files. The first argument is the work folder, the second the artefact.
function outcome(path, artifact, status, reason, size, sha) {
  print "{\"path\":" path ",\"artifact\":" q(artifact) ",\"status\":\"" status "\"" \
    (reason == "" ? "" : ",\"reason\":" q(txt(reason, 0))) (size == "" ? "" : ",\"size\":" size) \
    (sha == "" ? "" : ",\"sha256\":\"" sha "\"") "}" >>(ARGV[1] "/outcomes")
}
function verdict(took, wanted, before, after) {
  if (took < wanted) return "shrank while it was read: " num(took) " of " num(wanted) " bytes"
  if (wanted < before) return "size cap: the first " num(wanted) " of " num(before) " bytes"
  return after > before ? "grew while it was read: the first " num(wanted) " bytes" : ""
}
function known(name, took, reason, sha) {
  outcome(name, ARGV[2], took == 0 ? "empty" : "collected", reason, num(took), sha)
  if (reason == "") print name "\t" sha >>(ARGV[1] "/hashes")
}
function why(file,   line, text) {
  text = ""
  while ((getline line < file) > 0) text = line
  close(file)
  sub(/^.*: /, "", text)
  return text == "" ? "could not be read" : tolower(text)
}

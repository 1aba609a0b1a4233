# Arguments: folder, artefact, names. Two lines for each small file or link: what stands before and behind its content.
BEGIN {
  dir = ARGV[1]
  while ((getline line < (dir "/plan")) > 0) { split(line, f, " "); action[f[1]] = f[2]; take[f[1]] = f[3] }
  while ((getline line < (dir "/sizes")) > 0) { split(line, f, " "); size[f[1]] = f[2] }
  while ((getline line < (dir "/sums")) > 0) { n = split(line, f, /[ *]+/); sha[f[n]] = substr(f[1], 1, 64) }
  for (i = 3; i < ARGC; i++) {
    k = i - 2
    getline line < (dir "/stat"); getline later < (dir "/stat2")
    if (action[k] != "small" && action[k] != "link") continue
    split(line, f, " "); split(later, g, " ")
    path = txt(ARGV[i], 1); name = q(path); mode = hex(f[1]) % 4096
    if (action[k] == "link") {
      link = ""; rows = 0
      while ((getline line < (dir "/copy/" k ".link")) > 0) link = link (rows++ ? "\n" : "") line
      link = txt(substr(link, 1, length(link) - 2), 1)
      print hdr("fs" path, "2", 0, mode, f[4], f[5], f[6], f[7], f[8], link)
      print ""
      outcome(name, ARGV[2], "collected", "link to " link)
      continue
    }
    if (!(k in size) || (size[k] == 0 && take[k] > 0)) {
      outcome(name, ARGV[2], "failed", why(dir "/copy/" k ".err"))
      print ""; print ""
      continue
    }
    print hdr("fs" path, "0", size[k], mode, f[4], f[5], f[6], f[7], f[8], "")
    print pad(size[k])
    known(name, size[k] + 0, verdict(size[k] + 0, take[k] + 0, f[3] + 0, g[3] + 0), sha[k])
  }
}

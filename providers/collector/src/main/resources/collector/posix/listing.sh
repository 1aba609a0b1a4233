# Metadata of the profile's roots.

# list ROOT: entries as the finder of this host prints them, each record beginning with a mark nobody can guess.
list() {
  case $FINDER in
    gnu) find "$1" -xdev -printf "$mark %i %y %s %m %U %G %T@ %A@ %C@ %B@ %p\\n$mark> %l\\n" ;;
    stat) find "$1" -xdev -exec stat -c "$mark %i %f %s %a %u %g %Y %X %Z 0 %n${LF}$mark= %N" {} + ;;
    bsd) find -x "$1" -exec stat -f "$mark %i %Xp %z %Lp %u %g %Fm %Fa %Fc %FB %N${LF}$mark> %Y" {} + ;;
  esac
}

root() { # FOLDER
  say "file metadata: $1"
  if [ ! -e "$1" ] && [ ! -L "$1" ]; then
    outcome "$1/" FileMetadata missing ''
    return
  fi
  identity=$(stat $STAT -- "$1" 2>/dev/null | cut -d_ -f2)
  case " $listed " in
    *" $identity "*) outcome "$1/" FileMetadata collected 'listed under another root'; return ;;
  esac
  listed="$listed $identity"
  left=$((max_entries - $(cat "$tmp/entries")))
  if [ "$left" -gt "$max_entries_per_root" ]; then left=$max_entries_per_root; fi
  mark=$(od -An -v -t x1 -N 12 /dev/urandom | tr -d ' \n')
  list "$1" 2>"$tmp/unread" | $LIMIT awk "$TEXT$LISTING" "$tmp" "$mark" "$left" "$work" "$script" "$(now)" >"$tmp/problem"
  read -r problem <"$tmp/problem" || problem='time cap'
  if [ -z "$problem" ] && [ -s "$tmp/unread" ]; then
    problem="$(($(wc -l <"$tmp/unread"))) entries or folders could not be read"
  fi
  outcome "$1/" FileMetadata collected "$problem"
}

listing() {
  : >"$tmp/files"
  echo 0 >"$tmp/entries"
  listed=
  if [ -z "$FINDER" ]; then
    outcome "varve/files.jsonl" FileMetadata failed 'no find that can print metadata, and no stat'
    return
  fi
  profile_roots
  if [ -s "$tmp/files" ]; then member varve/files.jsonl "$tmp/files"; fi
}

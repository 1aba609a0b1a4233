# Live state of macOS, as its own commands show it: nothing like /proc is there to read.

live() {
  say 'live state'
  for kind in $profile_live; do
    : >"$tmp/$kind"
    case $kind in
      processes) ps -axo pid=,ppid=,uid=,user=,sess=,lstart=,command= | awk "$TEXT$MACPS" "$(now)" >"$tmp/processes" ;;
      open_files) $LSOF -n -P -F pfn 2>/dev/null | awk "$TEXT$MACLSOF" "$(now)" >"$tmp/open_files" ;;
      sockets) $LSOF -n -P -i -F pPTnu 2>/dev/null | awk "$TEXT$MACSOCKETS" "$(now)" >"$tmp/sockets" ;;
      modules) { kmutil showloaded --list-only || kextstat -l; } 2>/dev/null | awk "$TEXT$MACKEXT" "$(now)" >"$tmp/modules" ;;
      mounts) mount | awk "$TEXT$MACMOUNT" "$(now)" >"$tmp/mounts" ;;
      sessions) who | awk "$TEXT$MACWHO" "$(now)" >"$tmp/sessions" ;;
    esac
    live_member "$kind" "$tmp/$kind"
  done
}

LSOF=/usr/sbin/lsof

context() {
  ioreg -rd1 -c IOPlatformExpertDevice 2>/dev/null | awk -F'"' '/IOPlatformUUID/ { print $4 }' >"$tmp/m.id"
  awk "$TEXT$CONTEXT" "$1" "$2" "$profile" "$3" "$(hostname)" "$(cat "$tmp/m.id")" \
    "macOS $(sw_vers -productVersion 2>/dev/null) $(sw_vers -buildVersion 2>/dev/null)" "$(uname -r)" \
    "$(readlink /etc/localtime 2>/dev/null)" "$(sysctl -n kern.bootsessionuuid 2>/dev/null)"
}

home_folders() {
  echo /var/root
  set +f
  for one in /Users/*; do if [ -d "$one" ] && [ ! -L "$one" ]; then printf '%s\n' "$one"; fi; done
  set -f
}

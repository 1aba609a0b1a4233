#!/bin/bash
# A throw-away Ceph object gateway on loopback, in memory: one monitor, one OSD, one manager, one gateway. Stays in the
# foreground; all daemons end with it. Usage: radosgw.sh DIR GATEWAY_PORT MONITOR_PORT ACCESS_KEY SECRET_KEY
# Prints "ready" when the gateway answers and the key works. Needs radosgw ceph-mon ceph-osd ceph-mgr ceph-common.
set -eu
dir=$1 port=$2 monitor=$3 access=$4 secret=$5
mkdir -p "$dir"/{mon,osd,mgr}
id=$(cat /proc/sys/kernel/random/uuid)
conf="$dir/ceph.conf"
cat >"$conf" <<EOF
[global]
fsid = $id
mon initial members = a
mon host = v2:127.0.0.1:$monitor,v1:127.0.0.1:$((monitor + 1))
public network = 127.0.0.0/8
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
ms bind port min = $((monitor + 2))
ms bind port max = $((monitor + 60))
run dir = $dir
admin socket = $dir/\$name.asok
pid file = $dir/\$name.pid
log file = $dir/\$name.log
mon data = $dir/mon
mon data avail warn = 1
mon data avail crit = 1
mon allow pool size one = true
mgr data = $dir/mgr
osd data = $dir/osd
osd objectstore = memstore
memstore device bytes = 6442450944
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd crush chooseleaf type = 0
# deleted objects give their memory back within the test
rgw gc obj min wait = 5
rgw gc processor period = 5
EOF
# daemon COMMAND...: in the background, killed by the kernel when this script ends, however it ends
daemon() { setpriv --pdeathsig KILL "$@" -c "$conf" >>"$dir/out.log" 2>&1 & }

monmaptool --create --addv a "[v2:127.0.0.1:$monitor,v1:127.0.0.1:$((monitor + 1))]" --fsid "$id" "$dir/map" >/dev/null
ceph-mon --mkfs -i a --monmap "$dir/map" -c "$conf" >>"$dir/out.log" 2>&1
daemon ceph-mon -f -i a
ceph-osd --mkfs -i 0 -c "$conf" >>"$dir/out.log" 2>&1
ceph -c "$conf" osd new "$(cat "$dir/osd/fsid")" 0 >>"$dir/out.log" 2>&1
daemon ceph-osd -f -i 0
daemon ceph-mgr -f -i x
# radosgw asks for encrypted monitor connections, which do not exist without keys
daemon radosgw -f -n client.admin --ms_mon_client_mode crc --rgw_frontends "beast endpoint=127.0.0.1:$port"
for _ in $(seq 120); do
  [ "$(curl -s -m 2 -o "$dir/answer" -w '%{http_code}' "http://127.0.0.1:$port/")" = 200 ] && break
  sleep 0.5
done
radosgw-admin -n client.admin -c "$conf" --ms_mon_client_mode crc user create --uid=varve --display-name=varve \
  --access-key="$access" --secret-key="$secret" >>"$dir/out.log" 2>&1
echo ready
wait

# The verbs and the collection, for Windows PowerShell 5.1 and .NET Framework; no Add-Type, no module of others.

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$Utf8 = New-Object System.Text.UTF8Encoding($false)
$Ascii = [System.Text.Encoding]::ASCII
$Epoch = New-Object System.DateTime(1970, 1, 1, 0, 0, 0, [System.DateTimeKind]::Utc)

function Now { [System.DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ss.fffffffZ') }

# Writes a small file whole or not at all.
function Set-Whole([string]$path, [string]$text) {
    [System.IO.File]::WriteAllText("$path.tmp", $text, $Ascii)
    if (Test-Path -LiteralPath $path) { [System.IO.File]::Replace("$path.tmp", $path, $null) }
    else { [System.IO.File]::Move("$path.tmp", $path) }
}

function Get-First([string]$path, [string]$otherwise) {
    for ($i = 0; $i -lt 5; $i++) {
        try {
            if (-not (Test-Path -LiteralPath $path)) { return $otherwise }
            return [System.IO.File]::ReadAllText($path).Trim()
        } catch { Start-Sleep -Milliseconds 100 }
    }
    return $otherwise
}

function Get-Index {
    $path = Join-Path $work 'index'
    if (-not (Test-Path -LiteralPath $path)) { return @() }
    $stream = New-Object System.IO.FileStream($path, 'Open', 'Read', 'ReadWrite')
    try { $text = (New-Object System.IO.StreamReader($stream)).ReadToEnd() } finally { $stream.Dispose() }
    return @($text.Split("`n") | Where-Object { $_ -match '^\d+ \d+ [0-9a-f]{64}$' })
}

function Write-Report([string]$state, [string]$text, [int]$from = 0) {
    $lines = @(Get-Index)
    $bytes = [long]0
    foreach ($line in $lines) { $bytes += [long]$line.Split(' ')[1] }
    $answer = @('varve-collector 1', "state $state $text", "bytes $bytes", "parts $($lines.Count)")
    if ($from -gt 0) {
        $last = [Math]::Min($lines.Count, $from + 99)
        for ($i = $from; $i -le $last; $i++) { $answer += 'part ' + $lines[$i - 1] }
    }
    $answer += 'end'
    if (Test-Path -LiteralPath $work) {
        try { Set-Whole (Join-Path $work 'answer') (($answer -join "`n") + "`n") } catch { $null = $_ }
    }
    [Console]::Out.Write(($answer -join "`r`n") + "`r`n")
}

function Set-Status([string]$state, [string]$text) { Set-Whole (Join-Path $work 'status') "$state $text" }

function Say([string]$text) { Set-Status 'running' $text }

function Test-Alive {
    $id = Get-First (Join-Path $work 'pid') ''
    if ($id -notmatch '^\d+$') { return $false }
    $process = Get-CimInstance -ClassName Win32_Process -Filter "ProcessId = $id"
    return ($null -ne $process) -and ("$($process.CommandLine)" -like "*varve-$job\collect.ps1*")
}

function Start-Collection([long]$partSize, [int]$ahead) {
    if (Test-Path -LiteralPath $work) { return }
    $drive = New-Object System.IO.DriveInfo($folder.Substring(0, 1))
    if ($drive.AvailableFreeSpace -lt 2 * $partSize * $ahead) {
        Write-Report 'failed' "$folder has $($drive.AvailableFreeSpace) bytes free; $(2 * $partSize * $ahead) are needed"
        exit 0
    }
    $null = New-Item -ItemType Directory -Path $work
    & icacls.exe $work /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' | Out-Null
    Copy-Item -LiteralPath $PSCommandPath -Destination (Join-Path $work 'collect.ps1')
    [System.IO.File]::WriteAllText((Join-Path $work 'script'), $PSCommandPath)
    [System.IO.File]::WriteAllText((Join-Path $work 'index'), '')
    [System.IO.File]::WriteAllText((Join-Path $work 'seen'), '')
    $command = 'powershell.exe -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -WindowStyle Hidden -File "' +
        (Join-Path $work 'collect.ps1') + "`" __run `"$folder`" $job $partSize $ahead"
    $made = Invoke-CimMethod -ClassName Win32_Process -MethodName Create -Arguments @{ CommandLine = $command }
    if ($made.ReturnValue -ne 0) {
        Start-Process -FilePath 'powershell.exe' -WindowStyle Hidden -ArgumentList $command.Substring('powershell.exe '.Length)
    }
    for ($i = 0; $i -lt 100 -and -not (Test-Path -LiteralPath (Join-Path $work 'pid')); $i++) { Start-Sleep -Milliseconds 100 }
    if (-not (Test-Path -LiteralPath (Join-Path $work 'pid'))) { Set-Status 'failed' 'it could not be started' }
}

function Write-State([int]$from) {
    if (-not (Test-Path -LiteralPath $work)) { Write-Report 'absent' 'nothing is here'; return }
    [System.IO.File]::WriteAllText((Join-Path $work 'seen'), '')
    $status = Get-First (Join-Path $work 'status') 'running begins'
    if ($status.StartsWith('running') -and (Test-Path -LiteralPath (Join-Path $work 'pid')) -and -not (Test-Alive)) {
        $status = Get-First (Join-Path $work 'status') $status
        if ($status.StartsWith('running')) { $status = 'failed the collector was ended on the host while at: ' + $status.Substring(8) }
    }
    $words = $status.Split(' ', 2)
    Write-Report $words[0] $words[1] $from
}

function Remove-Parts([int]$upTo) {
    if (-not (Test-Path -LiteralPath $work)) { return }
    $upTo = [Math]::Min($upTo, @(Get-Index).Count)
    $done = [int](Get-First (Join-Path $work 'dropped') '0')
    while ($done -lt $upTo) {
        $done++
        Remove-Item -LiteralPath (Join-Path $work ('part-{0:d6}.gz' -f $done)) -Force -ErrorAction SilentlyContinue
    }
    Set-Whole (Join-Path $work 'dropped') "$done"
}

function Remove-Shadow {
    $link = Join-Path $work 'shadow'
    if (Test-Path -LiteralPath $link) { & cmd.exe /c rmdir "$link" 2>&1 | Out-Null }
    $id = Get-First (Join-Path $work 'shadow.id') ''
    if ($id -ne '') {
        Get-CimInstance -ClassName Win32_ShadowCopy | Where-Object { $_.ID -eq $id } | Remove-CimInstance
        Remove-Item -LiteralPath (Join-Path $work 'shadow.id') -Force
    }
}

function Remove-Collection {
    foreach ($process in @(Get-CimInstance -ClassName Win32_Process -Filter "Name = 'powershell.exe'")) {
        if ("$($process.CommandLine)" -like "*varve-$job\collect.ps1*__run*") {
            Stop-Process -Id $process.ProcessId -Force -ErrorAction SilentlyContinue
            Wait-Process -Id $process.ProcessId -Timeout 10 -ErrorAction SilentlyContinue
        }
    }
    if (Test-Path -LiteralPath $work) {
        try { Remove-Shadow } catch { Write-Report 'failed' "the shadow copy cannot be removed: $($_.Exception.Message -replace '\s+', ' ')"; exit 1 }
        Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction SilentlyContinue
    }
    $others = @(Get-ChildItem -LiteralPath $folder -Directory -Filter 'varve-*' | Where-Object { Test-Path -LiteralPath (Join-Path $_.FullName 'collect.ps1') })
    if ((Split-Path -Leaf $PSCommandPath) -like 'varve-collect-*.ps1' -and $others.Count -eq 0) {
        Remove-Item -LiteralPath $PSCommandPath -Force -ErrorAction SilentlyContinue
    }
    if (Test-Path -LiteralPath $work) { Write-Report 'failed' "$work cannot be removed"; exit 1 }
    Write-Report 'absent' 'removed'
}

# Parts: a gzip member each, named when it is whole and hashed.

function Open-Part {
    while ($true) {
        $dropped = [int](Get-First (Join-Path $work 'dropped') '0')
        if ($script:number - $dropped -lt $script:ahead) { break }
        Test-Abandoned
        Start-Sleep -Seconds 1
    }
    $script:file = New-Object System.IO.FileStream((Join-Path $work 'part.tmp'), 'Create', 'Write', 'None')
    $script:gzip = New-Object System.IO.Compression.GZipStream($script:file, [System.IO.Compression.CompressionLevel]::Fastest, $true)
    $script:filled = [long]0
}

function Close-Part {
    $script:gzip.Dispose()
    $script:file.Dispose()
    $path = Join-Path $work 'part.tmp'
    $hash = Get-Sha256 $path
    $size = (New-Object System.IO.FileInfo($path)).Length
    $script:number++
    [System.IO.File]::Move($path, (Join-Path $work ('part-{0:d6}.gz' -f $script:number)))
    $line = $Ascii.GetBytes("$($script:number) $size $hash`n")
    $index = New-Object System.IO.FileStream((Join-Path $work 'index'), 'Append', 'Write', 'ReadWrite')
    try { $index.Write($line, 0, $line.Length) } finally { $index.Dispose() }
    Open-Part
}

function Get-Sha256([string]$path) {
    $stream = New-Object System.IO.FileStream($path, 'Open', 'Read', 'ReadWrite, Delete')
    $sha = New-Object System.Security.Cryptography.SHA256CryptoServiceProvider
    try { return ([System.BitConverter]::ToString($sha.ComputeHash($stream)) -replace '-', '').ToLowerInvariant() }
    finally { $stream.Dispose(); $sha.Dispose() }
}

function Write-Bytes([byte[]]$bytes, [int]$count) {
    $offset = 0
    while ($offset -lt $count) {
        $take = [int][Math]::Min($count - $offset, $script:fill - $script:filled)
        $script:gzip.Write($bytes, $offset, $take)
        $script:filled += $take
        $offset += $take
        if ($script:filled -ge $script:fill) { Close-Part }
    }
}

function Get-Octal([long]$value, [int]$width) { [System.Convert]::ToString($value, 8).PadLeft($width, '0') }

function Get-Block([string]$name, [string]$type, [long]$size, [int]$mode, [long]$mtime) {
    $block = New-Object byte[] 512
    $put = { param($text, $at, $most)
        $raw = $Ascii.GetBytes(($text -replace '[^ -~]', '_'))
        [System.Array]::Copy($raw, 0, $block, $at, [Math]::Min($raw.Length, $most)) }
    & $put $name 0 100
    & $put (Get-Octal $mode 7) 100 7
    & $put '0000000' 108 7
    & $put '0000000' 116 7
    $classic = $size
    if ($size -gt 8589934591) { $classic = 0 }
    & $put (Get-Octal $classic 11) 124 11
    & $put (Get-Octal ([Math]::Max([long]0, [Math]::Min($mtime, 8589934591))) 11) 136 11
    & $put '        ' 148 8
    & $put $type 156 1
    & $put 'ustar' 257 5
    & $put '00' 263 2
    $sum = 0
    foreach ($value in $block) { $sum += $value }
    & $put (Get-Octal $sum 6) 148 6
    $block[154] = 0
    return , $block
}

function Get-Record([string]$key, [string]$value) {
    $rest = $Utf8.GetByteCount(" $key=$value`n")
    $length = $rest + 1
    while ("$length".Length + $rest -ne $length) { $length++ }
    return "$length $key=$value`n"
}

function Get-Seconds([System.DateTime]$time) {
    $ticks = ($time.ToUniversalTime() - $Epoch).Ticks
    $whole = [long][Math]::Floor($ticks / 10000000.0)
    return '{0}.{1:d7}' -f $whole, ($ticks - $whole * 10000000)
}

function Write-Header([string]$name, [long]$size, [string]$mtime, [string]$atime) {
    $pax = Get-Record 'mtime' $mtime
    if ($atime -ne '') { $pax += Get-Record 'atime' $atime }
    if ($name.Length -gt 99 -or $name -match '[^ -~]') { $pax += Get-Record 'path' $name }
    if ($size -gt 8589934591) { $pax += Get-Record 'size' "$size" }
    $raw = $Utf8.GetBytes($pax)
    $seconds = [long]$mtime.Split('.')[0]
    Write-Bytes (Get-Block ('PaxHeaders/' + $name) 'x' $raw.Length 384 0) 512
    Write-Bytes $raw $raw.Length
    Write-Padding $raw.Length
    Write-Bytes (Get-Block $name '0' $size 384 $seconds) 512
}

function Write-Padding([long]$size) {
    $count = [int]((512 - $size % 512) % 512)
    if ($count -gt 0) { Write-Bytes (New-Object byte[] $count) $count }
}

function Write-Member([string]$name, [string]$text) {
    $raw = $Utf8.GetBytes($text)
    Write-Header $name $raw.Length (Get-Seconds ([System.DateTime]::UtcNow)) ''
    Write-Bytes $raw $raw.Length
    Write-Padding $raw.Length
}

# What became of a path: a line of outcomes.jsonl.
function Add-Outcome([string]$path, [string]$artifact, [string]$status, [string]$reason, [long]$size = -1, [string]$sha256 = '') {
    $outcome = [ordered]@{ path = $path; artifact = $artifact; status = $status }
    if ($reason -ne '') { $outcome['reason'] = $reason }
    if ($size -ge 0) { $outcome['size'] = $size }
    if ($sha256 -ne '') { $outcome['sha256'] = $sha256 }
    $null = $script:outcomes.Append((ConvertTo-Json -InputObject $outcome -Compress)).Append("`n")
    $null = $script:known.Add($path)
    if ($sha256 -ne '' -and $reason -eq '') { $script:hashes[$path] = $sha256 }
}

# Files. Paths of the profile begin with / at the system drive.

function Get-HostPath([string]$path) { $env:SystemDrive + ($path -replace '/', '\') }

function Find-Paths([string]$pattern) {
    $found = New-Object System.Collections.Generic.List[string]
    if ($pattern.StartsWith('%%users.homedir%%')) {
        foreach ($one in $script:homes) { Expand-Path $one @($pattern.Substring(18).Split('/')) $found }
    } else {
        Expand-Path '' @($pattern.Substring(1).Split('/')) $found
    }
    return , $found
}

function Expand-Path([string]$parent, [string[]]$segments, $found) {
    if ($found.Count -ge 100000) { return }
    $segment = $segments[0]
    $rest = @($segments | Select-Object -Skip 1)
    if ($segment -eq '**') {
        if ($rest.Count -eq 0) { $rest = @('*') }
        Expand-Below $parent $rest 0 $found
        return
    }
    $wild = $segment -match '[*?\[]'
    if (-not $wild) {
        $path = "$parent/$segment"
        if ($rest.Count -gt 0) { Expand-Path $path $rest $found }
        elseif ($path -match '\$MFT$|:\$J$' -or [System.IO.File]::Exists((Get-HostPath $path))) { $found.Add($path) }
        return
    }
    foreach ($entry in @(Get-Entries $parent)) {
        if ($entry.Name -notlike $segment) { continue }
        $path = "$parent/$($entry.Name)"
        $isFolder = $entry -is [System.IO.DirectoryInfo]
        if ($rest.Count -eq 0 -and -not $isFolder) { $found.Add($path) }
        elseif ($rest.Count -gt 0 -and $isFolder -and -not (Test-Link $entry)) { Expand-Path $path $rest $found }
    }
}

function Expand-Below([string]$parent, [string[]]$rest, [int]$depth, $found) {
    Expand-Path $parent $rest $found
    if ($depth -ge 10) { return }
    foreach ($entry in @(Get-Entries $parent)) {
        if ($entry -is [System.IO.DirectoryInfo] -and -not (Test-Link $entry)) {
            Expand-Below "$parent/$($entry.Name)" $rest ($depth + 1) $found
        }
    }
}

function Test-Link($entry) { ($entry.Attributes -band [System.IO.FileAttributes]::ReparsePoint) -ne 0 }

function Get-Entries([string]$parent) {
    $path = Get-HostPath ($parent + '/')
    if ($path.StartsWith($work, [System.StringComparison]::OrdinalIgnoreCase)) { return @() }
    try { return @((New-Object System.IO.DirectoryInfo($path)).GetFileSystemInfos() | Sort-Object -Property Name) }
    catch { return @() }
}

function Copy-Artifact([string]$name, [long]$fileBytes, [long]$totalBytes, [string[]]$patterns) {
    Say "files: $name"
    $left = $totalBytes
    foreach ($pattern in $patterns) {
        $found = Find-Paths $pattern
        if ($found.Count -eq 0) { Add-Outcome $pattern $name 'missing' '' }
        foreach ($path in $found) {
            Test-Abandoned
            if ($script:known.Contains($path)) { continue }
            $why = ''
            if ([System.DateTime]::UtcNow -gt $script:stopAt) { $why = "time cap: $maxSeconds seconds" }
            elseif ($script:copied -ge $maxFiles) { $why = "file count cap: $maxFiles" }
            elseif ($script:spent -ge $maxBytes) { $why = "total size cap: $maxBytes bytes" }
            elseif ($left -le 0) { $why = 'size cap of the artefact' }
            if ($why -ne '') { Add-Outcome $path $name 'failed' $why; continue }
            $left -= Copy-File $path $name ([Math]::Min([Math]::Min($fileBytes, $left), $maxBytes - $script:spent))
        }
    }
}

# Copies one file; a locked one from a shadow copy of the volume, a registry hive else by reg save, a log by wevtutil.
function Copy-File([string]$path, [string]$artifact, [long]$most) {
    if ($path -match '\$MFT$|:\$J$') {
        Add-Outcome $path $artifact 'failed' 'the raw volume is not read by this collector'
        return [long]0
    }
    $source = Get-HostPath $path
    $how = ''
    $stream = $null
    try { $stream = New-Object System.IO.FileStream($source, 'Open', 'Read', 'ReadWrite, Delete') }
    catch [System.IO.IOException], [System.UnauthorizedAccessException] { $refusal = "$($_.Exception.Message)" }
    if ($null -eq $stream) {
        try {
            $other = Get-ShadowPath $path
            $stream = New-Object System.IO.FileStream($other, 'Open', 'Read', 'ReadWrite, Delete')
            $how = 'from a shadow copy of the volume'
        } catch { $refusal = "$refusal; shadow copy: $($_.Exception.Message)" }
    }
    $aside = Join-Path $work 'aside'
    if ($null -eq $stream -and $path -match '^/Windows/System32/config/(SYSTEM|SOFTWARE|SAM|SECURITY|DEFAULT)$') {
        $key = 'HKLM\' + $Matches[1]
        if ($Matches[1] -eq 'DEFAULT') { $key = 'HKU\.DEFAULT' }
        & reg.exe save $key $aside /y 2>&1 | Out-Null
        if ($LASTEXITCODE -eq 0) { $stream = New-Object System.IO.FileStream($aside, 'Open', 'Read', 'Read'); $how = 'by reg save' }
    }
    if ($null -eq $stream -and $path -like '/Windows/System32/winevt/Logs/*.evtx') {
        $log = [System.Uri]::UnescapeDataString([System.IO.Path]::GetFileNameWithoutExtension($source))
        & wevtutil.exe epl $log $aside /ow:true 2>&1 | Out-Null
        if ($LASTEXITCODE -eq 0) { $stream = New-Object System.IO.FileStream($aside, 'Open', 'Read', 'Read'); $how = 'by wevtutil' }
    }
    if ($null -eq $stream) {
        Add-Outcome $path $artifact 'failed' ($refusal -replace '\s+', ' ')
        return [long]0
    }
    try { return Write-File $stream $path $artifact $most $how $source }
    finally { $stream.Dispose(); if (Test-Path -LiteralPath $aside) { Remove-Item -LiteralPath $aside -Force } }
}

function Write-File($stream, [string]$path, [string]$artifact, [long]$most, [string]$how, [string]$source) {
    $size = [Math]::Min($stream.Length, $most)
    $reason = $how
    if ($size -lt $stream.Length) { $reason = ("$how size cap: the first $size of $($stream.Length) bytes").Trim() }
    $info = New-Object System.IO.FileInfo($source)
    Write-Header ('fs' + $path) $size (Get-Seconds $info.LastWriteTimeUtc) (Get-Seconds $info.LastAccessTimeUtc)
    $sha = New-Object System.Security.Cryptography.SHA256CryptoServiceProvider
    $chunk = New-Object byte[] 65536
    $done = [long]0
    while ($done -lt $size) {
        $count = 0
        try { $count = $stream.Read($chunk, 0, [int][Math]::Min(65536, $size - $done)) }
        catch { $reason = "could not be read: $($_.Exception.Message -replace '\s+', ' ')" }
        if ($count -le 0) { break }
        $null = $sha.TransformBlock($chunk, 0, $count, $null, 0)
        Write-Bytes $chunk $count
        $done += $count
    }
    $null = $sha.TransformFinalBlock($chunk, 0, 0)
    $hash = ([System.BitConverter]::ToString($sha.Hash) -replace '-', '').ToLowerInvariant()
    $sha.Dispose()
    if ($done -lt $size) {
        if ($reason -eq '' -or $reason -eq $how) { $reason = 'shrank while it was read' }
        $reason = "$($reason): $done bytes, then $($size - $done) zeros"
        [System.Array]::Clear($chunk, 0, 65536)
        for ($zeros = $size - $done; $zeros -gt 0; $zeros -= 65536) { Write-Bytes $chunk ([int][Math]::Min(65536, $zeros)) }
    }
    Write-Padding $size
    $script:copied++
    $script:spent += $done
    $status = 'collected'
    if ($size -eq 0) { $status = 'empty' }
    Add-Outcome $path $artifact $status $reason $done $hash
    return $size
}

# One shadow copy for the whole collection, made when the first locked file needs it, removed at the end.
function Get-ShadowPath([string]$path) {
    if ($script:noShadow) { throw $script:noShadow }
    $link = Join-Path $work 'shadow'
    if (-not (Test-Path -LiteralPath $link)) {
        try {
            $made = Invoke-CimMethod -ClassName Win32_ShadowCopy -MethodName Create -Arguments @{ Volume = "$env:SystemDrive\"; Context = 'ClientAccessible' }
            if ($made.ReturnValue -ne 0) { throw "error $($made.ReturnValue)" }
            [System.IO.File]::WriteAllText((Join-Path $work 'shadow.id'), $made.ShadowID)
            $shadow = Get-CimInstance -ClassName Win32_ShadowCopy | Where-Object { $_.ID -eq $made.ShadowID }
            & cmd.exe /c mklink /d "$link" "$($shadow.DeviceObject)\" 2>&1 | Out-Null
            if (-not (Test-Path -LiteralPath $link)) { throw 'it cannot be reached' }
            $script:shadowMade = $true
        } catch { $script:noShadow = "$($_.Exception.Message)"; throw $script:noShadow }
    }
    return $link + ($path -replace '/', '\')
}

# Live state.

function Write-Live([string]$kind, [scriptblock]$read) {
    $name = "varve/volatile/$kind.jsonl"
    $artifact = 'Volatile' + (Get-Culture).TextInfo.ToTitleCase($kind.Replace('_', ' ')).Replace(' ', '')
    $text = New-Object System.Text.StringBuilder
    try {
        foreach ($line in @(& $read)) {
            $line['observed'] = Now
            $null = $text.Append((ConvertTo-Json -InputObject $line -Compress)).Append("`n")
        }
    } catch {
        Add-Outcome $name $artifact 'failed' ($_.Exception.Message -replace '\s+', ' ')
        return
    }
    if ($text.Length -eq 0) { Add-Outcome $name $artifact 'empty' '' } else { Add-Outcome $name $artifact 'collected' '' }
    Write-Member $name $text.ToString()
}

function Get-Iso($time) {
    if ($null -eq $time) { return $null }
    return $time.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ss.fffffffZ')
}

# Without what is empty.
function Get-Line([System.Collections.Specialized.OrderedDictionary]$values) {
    $line = [ordered]@{}
    foreach ($key in $values.Keys) { if ($null -ne $values[$key] -and "$($values[$key])" -ne '') { $line[$key] = $values[$key] } }
    return $line
}

function Get-ProcessLines {
    $hashed = @{}
    foreach ($process in @(Get-CimInstance -ClassName Win32_Process | Sort-Object -Property ProcessId)) {
        $user = $null
        try {
            $owner = Invoke-CimMethod -InputObject $process -MethodName GetOwner
            if ($owner.User) { $user = "$($owner.Domain)\$($owner.User)" }
        } catch { $user = $null }
        $path = $process.ExecutablePath
        $hash = $null
        if ($path) {
            if (-not $hashed.ContainsKey($path)) {
                try { $hashed[$path] = Get-Sha256 $path } catch { $hashed[$path] = $null }
            }
            $hash = $hashed[$path]
        }
        Get-Line ([ordered]@{ pid = [long]$process.ProcessId; ppid = [long]$process.ParentProcessId; name = $process.Name
            command_line = $process.CommandLine; executable = $path; sha256 = $hash
            deleted = [bool]($path -and -not [System.IO.File]::Exists($path)); user = $user
            start_time = (Get-Iso $process.CreationDate); session = [long]$process.SessionId })
    }
}

function Get-SocketLines {
    foreach ($one in @(Get-NetTCPConnection)) {
        $protocol = 'tcp'
        if ("$($one.LocalAddress)".Contains(':')) { $protocol = 'tcp6' }
        Get-Line ([ordered]@{ protocol = $protocol; state = "$($one.State)".ToLowerInvariant(); local_address = "$($one.LocalAddress)"
            local_port = [int]$one.LocalPort; remote_address = "$($one.RemoteAddress)"; remote_port = [int]$one.RemotePort; pid = [long]$one.OwningProcess })
    }
    foreach ($one in @(Get-NetUDPEndpoint)) {
        $protocol = 'udp'
        if ("$($one.LocalAddress)".Contains(':')) { $protocol = 'udp6' }
        Get-Line ([ordered]@{ protocol = $protocol; state = 'unconnected'; local_address = "$($one.LocalAddress)"; local_port = [int]$one.LocalPort; pid = [long]$one.OwningProcess })
    }
}

function Get-ModuleLines {
    foreach ($one in @(Get-CimInstance -ClassName Win32_SystemDriver)) {
        Get-Line ([ordered]@{ name = $one.Name; path = $one.PathName; state = "$($one.State)".ToLowerInvariant(); start = $one.StartMode })
    }
}

function Get-MountLines {
    foreach ($one in @(Get-CimInstance -ClassName Win32_Volume)) {
        $target = $one.DriveLetter
        if (-not $target) { $target = $one.Name }
        Get-Line ([ordered]@{ source = $one.DeviceID; target = $target; type = $one.FileSystem; label = $one.Label; size = $one.Capacity })
    }
}

function Get-SessionLines {
    $users = @{}
    foreach ($one in @(Get-CimInstance -ClassName Win32_LoggedOnUser)) { $users["$($one.Dependent.LogonId)"] = "$($one.Antecedent.Domain)\$($one.Antecedent.Name)" }
    foreach ($one in @(Get-CimInstance -ClassName Win32_LogonSession)) {
        if (-not $users.ContainsKey("$($one.LogonId)")) { continue }
        Get-Line ([ordered]@{ id = "$($one.LogonId)"; user = $users["$($one.LogonId)"]; tty = "logon type $($one.LogonType)"; since = (Get-Iso $one.StartTime) })
    }
}

# Metadata of the roots.

function Write-Listing {
    $text = New-Object System.Text.StringBuilder
    $total = 0
    foreach ($root in $profileRoots) {
        Say "file metadata: $root"
        $top = New-Object System.IO.DirectoryInfo((Get-HostPath $root))
        if (-not $top.Exists) { Add-Outcome "$root/" 'FileMetadata' 'missing' ''; continue }
        $folders = New-Object System.Collections.Generic.Queue[string]
        $folders.Enqueue($root)
        $count = 0
        $problem = ''
        $most = [Math]::Min($maxEntries - $total, $maxEntriesPerRoot)
        while ($folders.Count -gt 0 -and $problem -eq '') {
            $parent = $folders.Dequeue()
            foreach ($entry in @(Get-Entries $parent)) {
                if ($count -ge $most) { $problem = "count cap: the first $most entries"; break }
                $path = "$parent/$($entry.Name)"
                $isFolder = $entry -is [System.IO.DirectoryInfo]
                $type = 'file'
                $size = $null
                if (Test-Link $entry) { $type = 'link' } elseif ($isFolder) { $type = 'directory'; $folders.Enqueue($path) } else { $size = $entry.Length }
                $line = Get-Line ([ordered]@{ path = $path; type = $type; size = $size; mtime = (Get-Iso $entry.LastWriteTimeUtc)
                    atime = (Get-Iso $entry.LastAccessTimeUtc); crtime = (Get-Iso $entry.CreationTimeUtc); sha256 = $script:hashes[$path] })
                $null = $text.Append((ConvertTo-Json -InputObject $line -Compress)).Append("`n")
                $count++
            }
        }
        $total += $count
        Add-Outcome "$root/" 'FileMetadata' 'collected' $problem
    }
    if ($text.Length -gt 0) { Write-Member 'varve/files.jsonl' $text.ToString() }
}

# Without a word from outside for a day, everything goes.
function Test-Abandoned {
    if (([System.DateTime]::UtcNow - [System.IO.File]::GetLastWriteTimeUtc((Join-Path $work 'seen'))).TotalHours -lt 24) { return }
    if ($script:gzip) { $script:gzip.Dispose(); $script:file.Dispose() }
    Remove-Shadow
    $own = Get-First (Join-Path $work 'script') ''
    Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction SilentlyContinue
    if ((Split-Path -Leaf $own) -like 'varve-collect-*.ps1') { Remove-Item -LiteralPath $own -Force -ErrorAction SilentlyContinue }
    exit 0
}

function Invoke-Collection([long]$partSize, [int]$most) {
    [System.Diagnostics.Process]::GetCurrentProcess().PriorityClass = 'Idle'
    Set-Whole (Join-Path $work 'pid') "$PID"
    Say 'begins'
    $script:ahead = $most
    $script:fill = $partSize - [long]($partSize / 1000) - 4096
    $script:number = 0
    $script:copied = 0
    $script:spent = [long]0
    $script:noShadow = ''
    $script:shadowMade = $false
    $script:hashes = @{}
    $script:outcomes = New-Object System.Text.StringBuilder
    $script:known = New-Object 'System.Collections.Generic.HashSet[string]' ([System.StringComparer]::OrdinalIgnoreCase)
    $script:stopAt = [System.DateTime]::UtcNow.AddSeconds($maxSeconds)
    $script:homes = @(Get-ChildItem -LiteralPath "$env:SystemDrive\Users" -Directory -Force | Where-Object { -not (Test-Link $_) } | ForEach-Object { '/Users/' + $_.Name })
    $script:homes += '/Windows/ServiceProfiles/LocalService', '/Windows/ServiceProfiles/NetworkService'
    try {
        if ($script:fill -lt 65536) { throw "parts of $partSize bytes are too small" }
        Open-Part
        Write-Archive
        $script:gzip.Dispose()
        $script:file.Dispose()
        Remove-Item -LiteralPath (Join-Path $work 'part.tmp') -Force -ErrorAction SilentlyContinue
        Remove-Shadow
        Set-Status 'done' "$($script:number) parts"
    } catch {
        try { Remove-Shadow } catch { $null = $_ }
        Set-Status 'failed' ($_.Exception.Message -replace '[^ -~]+', ' ')
    }
    while ($true) { Start-Sleep -Seconds 60; Test-Abandoned }
}

function Write-Archive {
    $system = Get-CimInstance -ClassName Win32_OperatingSystem
    $computer = Get-CimInstance -ClassName Win32_ComputerSystem
    $machine = (Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Cryptography').MachineGuid
    $fqdn = ''
    if ($computer.PartOfDomain) { $fqdn = "$($env:COMPUTERNAME).$($computer.Domain)".ToLowerInvariant() }
    $statement = [ordered]@{ schema = 'varve.capture/1'; capture = $job; profile = $profileName
        host = (Get-Line ([ordered]@{ name = $env:COMPUTERNAME; fqdn = $fqdn; machine_id = $machine; boot_id = (Get-Iso $system.LastBootUpTime)
            os = $system.Caption; kernel = $system.Version; zone = [System.TimeZoneInfo]::Local.Id; system_drive = $env:SystemDrive }))
        started = Now; collector = 'varve-collector/1' }
    Write-Member 'varve/capture.json' ((ConvertTo-Json -InputObject $statement -Compress -Depth 4) + "`n")
    Say 'live state'
    foreach ($kind in $profileLive) {
        switch ($kind) {
            'processes' { Write-Live $kind { Get-ProcessLines } }
            'sockets' { Write-Live $kind { Get-SocketLines } }
            'modules' { Write-Live $kind { Get-ModuleLines } }
            'mounts' { Write-Live $kind { Get-MountLines } }
            'sessions' { Write-Live $kind { Get-SessionLines } }
            default { Add-Outcome "varve/volatile/$kind.jsonl" 'VolatileState' 'failed' 'not shown by this collector on Windows' }
        }
    }
    Copy-Profile
    Write-Listing
    Write-Member 'varve/outcomes.jsonl' $script:outcomes.ToString()
    $written = @("$work and below, removed at the end", "$(Get-First (Join-Path $work 'script') ''), removed at the end")
    if ($script:shadowMade) { $written += "a shadow copy of $env:SystemDrive, removed at the end" }
    $footprint = [ordered]@{ read_bytes = $script:spent; files_read = $script:copied; written = $written
        processes_started = @('powershell.exe, icacls.exe; where files were locked cmd.exe, reg.exe, wevtutil.exe'); network = @(); ended = Now }
    Write-Member 'varve/footprint.json' ((ConvertTo-Json -InputObject $footprint -Compress) + "`n")
    if ($script:filled -gt 0) { Close-Part }
    Write-Member 'varve/parts.sha256' ((@(Get-Index) -join "`n") + "`n")
    Write-Bytes (New-Object byte[] 1024) 1024
    if ($script:filled -gt 0) { Close-Part }
}

function Stop-Usage([string]$why) {
    $script:work = Join-Path $env:SystemDrive 'nonexistent-varve'
    Write-Report 'failed' $why
    exit 2
}

$verb = "$($args[0])"
$folder = "$($args[1])".TrimEnd('\')
$job = "$($args[2])"
if ($folder -notmatch '^[A-Za-z]:\\[A-Za-z0-9_.\\ -]*$' -or $folder -match '\.\.') { Stop-Usage 'the folder has a name that is not allowed' }
if (-not (Test-Path -LiteralPath $folder -PathType Container)) { Stop-Usage "there is no folder $folder" }
if ($job -notmatch '^[A-Za-z0-9_-]{1,64}$') { Stop-Usage 'the job has a name that is not allowed' }
$work = Join-Path $folder "varve-$job"
foreach ($text in @($args | Select-Object -Skip 3)) { if ("$text" -notmatch '^\d{1,12}$') { Stop-Usage 'not a number: the arguments are VERB FOLDER JOB NUMBER...' } }
switch ($verb) {
    'start' { Start-Collection ([long]$args[3]) ([int]$args[4]); Write-State 0 }
    'state' { Write-State ([int]$args[3]) }
    'drop' { Remove-Parts ([int]$args[3]); Write-State (1 + [int]$args[3]) }
    'clean' { Remove-Collection }
    '__run' { Invoke-Collection ([long]$args[3]) ([int]$args[4]) }
    default { Stop-Usage 'the verbs are start, state, drop and clean' }
}

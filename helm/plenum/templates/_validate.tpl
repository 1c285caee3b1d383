{{- /* Contradictions that the schema cannot see; each is refused in a sentence. */ -}}
{{- define "plenum.validate" -}}
{{- $network := .Values.network -}}
{{- $last := add $network.port $network.workers -1 -}}
{{- if gt (int $last) 65535 -}}
{{- fail (printf "network.port %d leaves no port for each of %d workers: the last would be %d" (int $network.port) (int $network.workers) (int $last)) -}}
{{- end -}}
{{- $isService := eq $network.shape "service" -}}
{{- if and $isService (eq $network.service.type "LoadBalancer") (not $network.advertised) -}}
{{- fail "network.advertised must name the load balancer's address when network.service.type is LoadBalancer: clients are told it" -}}
{{- end -}}
{{- if and $isService (eq $network.service.type "NodePort") -}}
{{- $lastNode := add $network.service.nodePort $network.workers -1 -}}
{{- if gt (int $lastNode) 32767 -}}
{{- fail (printf "network.service.nodePort %d leaves no node port for each of %d workers: the last would be %d, and 32767 is the highest" (int $network.service.nodePort) (int $network.workers) (int $lastNode)) -}}
{{- end -}}
{{- end -}}
{{- if eq (int .Values.http.port) (int .Values.management.port) -}}
{{- fail (printf "http.port and management.port must differ, not both be %d" (int .Values.http.port)) -}}
{{- end -}}
{{- if $network.tcp.enabled -}}
{{- range $name, $port := dict "http.port" .Values.http.port "management.port" .Values.management.port -}}
{{- if eq (int $port) (int $network.tcp.port) -}}
{{- fail (printf "network.tcp.port and %s must differ, not both be %d" $name (int $port)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if not (or .Values.auth.existingSecret .Values.auth.keys .Values.auth.jwks .Values.auth.open) -}}
{{- fail "nobody is let in: set auth.existingSecret, auth.keys or auth.jwks, or auth.open=true if anyone may enter any room" -}}
{{- end -}}
{{- if and .Values.auth.existingSecret .Values.auth.keys -}}
{{- fail "auth.existingSecret and auth.keys contradict each other: set one" -}}
{{- end -}}
{{- if and .Values.auth.open (or .Values.auth.existingSecret .Values.auth.keys .Values.auth.jwks) -}}
{{- fail "auth.open and keys contradict each other: set one" -}}
{{- end -}}
{{- if and .Values.ingress.enabled .Values.gateway.enabled -}}
{{- fail "ingress.enabled and gateway.enabled contradict each other: set one" -}}
{{- end -}}
{{- if and .Values.podMonitor.enabled .Values.serviceMonitor.enabled -}}
{{- fail "podMonitor.enabled and serviceMonitor.enabled would scrape everything twice: set one" -}}
{{- end -}}
{{- if and .Values.networkPolicy.enabled (eq $network.shape "hostNetwork") -}}
{{- fail "networkPolicy.enabled has no effect with network.shape hostNetwork: leave it out, or take another shape" -}}
{{- end -}}
{{- include "plenum.validate.persistence" . -}}
{{- include "plenum.validate.coturn" . -}}
{{- include "plenum.validate.config" . -}}
{{- end }}

{{- define "plenum.validate.persistence" -}}
{{- with .Values.persistence -}}
{{- if and .enabled (not .existingClaim) -}}
{{- $quota := 16384 -}}
{{- $recording := get $.Values.config "recording" -}}
{{- if and (kindIs "map" $recording) (hasKey $recording "quota") -}}
{{- $quota = int (get $recording "quota") -}}
{{- end -}}
{{- $bytes := dict "" 1 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 -}}
{{- $unit := regexFind "[A-Za-z]*$" .size -}}
{{- if lt (mulf (trimSuffix $unit .size) (get $bytes $unit)) (mulf $quota 1048576) -}}
{{- fail (printf "persistence.size %s does not hold the recordings, %d MiB by config.recording.quota: raise the one or lower the other" .size $quota) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "plenum.validate.coturn" -}}
{{- with .Values.coturn -}}
{{- if .enabled -}}
{{- if not .host -}}
{{- fail "coturn.host must name the address of coturn's node: clients are told it" -}}
{{- end -}}
{{- if not (or .secret .existingSecret) -}}
{{- fail "coturn needs coturn.secret or coturn.existingSecret" -}}
{{- end -}}
{{- if and .secret .existingSecret -}}
{{- fail "coturn.secret and coturn.existingSecret contradict each other: set one" -}}
{{- end -}}
{{- if gt (int .relayPorts.from) (int .relayPorts.to) -}}
{{- fail (printf "coturn.relayPorts.from %d must not be above coturn.relayPorts.to %d" (int .relayPorts.from) (int .relayPorts.to)) -}}
{{- end -}}
{{- if and (le (int .relayPorts.from) (int .port)) (ge (int .relayPorts.to) (int .port)) -}}
{{- fail (printf "coturn.port %d lies within coturn.relayPorts %d to %d" (int .port) (int .relayPorts.from) (int .relayPorts.to)) -}}
{{- end -}}
{{- $network := $.Values.network -}}
{{- $first := int $network.port -}}
{{- if eq $network.shape "service" -}}
{{- $first = int $network.service.nodePort -}}
{{- end -}}
{{- $last := int (add $first $network.workers -1) -}}
{{- if or (ne $network.shape "service") (eq $network.service.type "NodePort") -}}
{{- if and (le $first (int .relayPorts.to)) (ge $last (int .relayPorts.from)) -}}
{{- fail (printf "media ports %d to %d and coturn.relayPorts %d to %d overlap on the node" $first $last (int .relayPorts.from) (int .relayPorts.to)) -}}
{{- end -}}
{{- if and (le $first (int .port)) (ge $last (int .port)) -}}
{{- fail (printf "media ports %d to %d and coturn.port %d overlap on the node" $first $last (int .port)) -}}
{{- end -}}
{{- end -}}
{{- $onNode := dict -}}
{{- if and $network.tcp.enabled (ne $network.shape "service") -}}
{{- $_ := set $onNode "network.tcp.port" $network.tcp.port -}}
{{- end -}}
{{- if eq $network.shape "hostNetwork" -}}
{{- $_ := set $onNode "http.port" $.Values.http.port -}}
{{- $_ := set $onNode "management.port" $.Values.management.port -}}
{{- end -}}
{{- $port := int .port -}}
{{- range $name, $other := $onNode -}}
{{- if eq (int $other) $port -}}
{{- fail (printf "%s and coturn.port must differ, not both be %d: both are of the node" $name $port) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "plenum.validate.config" -}}
{{- $config := .Values.config -}}
{{- range $key, $value := dict "http.host" "" "http.port" "http.port" "management.host" "" "management.port" "management.port" "media.port" "network.port" "media.workers" "network.workers" "media.advertised" "network.advertised" "media.offer-loopback" "" "media.tcp" "network.tcp" "data.dir" "persistence" "drain.seconds" "drain.seconds" "auth.keys" "auth" "auth.jwks" "auth.jwks" "auth.open" "auth.open" "turn.urls" "coturn" "turn.secret" "coturn" -}}
{{- $parts := splitList "." $key -}}
{{- $group := get $config (first $parts) -}}
{{- if and (kindIs "map" $group) (hasKey $group (last $parts)) -}}
{{- if $value -}}
{{- fail (printf "config.%s is set by the chart: use %s" $key $value) -}}
{{- else -}}
{{- fail (printf "config.%s is set by the chart and cannot be changed" $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

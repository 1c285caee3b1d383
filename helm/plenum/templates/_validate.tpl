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
{{- include "plenum.validate.ports" . -}}
{{- if eq (int .Values.http.port) (int .Values.management.port) -}}
{{- fail (printf "http.port and management.port must differ, not both be %d" (int .Values.http.port)) -}}
{{- end -}}
{{- include "plenum.validate.onePort" . -}}
{{- include "plenum.validate.relayPorts" . -}}
{{- if and $network.tcp.enabled (not $network.onePort.enabled) -}}
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
{{- include "plenum.validate.cluster" . -}}
{{- include "plenum.validate.proxies" . -}}
{{- include "plenum.validate.persistence" . -}}
{{- include "plenum.validate.coturn" . -}}
{{- include "plenum.validate.config" . -}}
{{- include "plenum.validate.installed" . -}}
{{- end }}

{{- /* Kubernetes merges the ports of a container, and of a Service, by their number alone: two of one number lose one in an upgrade. */ -}}
{{- define "plenum.validate.ports" -}}
{{- $network := .Values.network -}}
{{- $first := int $network.port -}}
{{- $last := int (add $network.port $network.workers -1) -}}
{{- $inside := dict "http.port" .Values.http.port "management.port" .Values.management.port -}}
{{- if and $network.tcp.enabled (not $network.onePort.enabled) -}}
{{- $_ := set $inside "network.tcp.port" $network.tcp.port -}}
{{- end -}}
{{- range $name, $port := $inside -}}
{{- if and (le $first (int $port)) (ge $last (int $port)) -}}
{{- fail (printf "%s %d must not be one of the media ports, %d to %d: Kubernetes merges ports by number, whatever their protocol" $name (int $port) $first $last) -}}
{{- end -}}
{{- end -}}
{{- $outside := include "plenum.outside.port" $network | int -}}
{{- $lastOutside := int (add $outside $network.workers -1) -}}
{{- $tcpOutside := include "plenum.service.tcp" . | int -}}
{{- if gt $lastOutside 65535 -}}
{{- fail (printf "network.outsidePort %d leaves no port for each of %d workers: the last would be %d" $outside (int $network.workers) $lastOutside) -}}
{{- end -}}
{{- if and $network.tcp.enabled (not $network.onePort.enabled) (eq $network.shape "service") (le $outside $tcpOutside) (ge $lastOutside $tcpOutside) -}}
{{- fail (printf "the Service's port %d for ICE-TCP must not be one of its media ports, %d to %d: Kubernetes merges ports by number, whatever their protocol" $tcpOutside $outside $lastOutside) -}}
{{- end -}}
{{- if eq $network.shape "hostNetwork" -}}
{{- range $name, $port := dict "network.outsidePort" $network.outsidePort "network.tcp.outsidePort" $network.tcp.outsidePort -}}
{{- if gt (int $port) 0 -}}
{{- fail (printf "%s has no effect with network.shape hostNetwork, where the pod's ports are the node's: leave it out, or take another shape" $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- define "plenum.validate.cluster" -}}
{{- $cluster := .Values.cluster -}}
{{- if and (gt (int .Values.replicas) 1) (not $cluster.enabled) -}}
{{- fail (printf "replicas %d needs cluster.enabled: pods that do not know one another would each open a room of the same name" (int .Values.replicas)) -}}
{{- end -}}
{{- if $cluster.enabled -}}
{{- if not (or $cluster.secret $cluster.existingSecret) -}}
{{- fail "cluster.enabled needs cluster.secret or cluster.existingSecret" -}}
{{- end -}}
{{- if and $cluster.secret $cluster.existingSecret -}}
{{- fail "cluster.secret and cluster.existingSecret contradict each other: set one" -}}
{{- end -}}
{{- if .Values.persistence.existingClaim -}}
{{- fail "persistence.existingClaim is one volume, and each pod of a cluster needs its own: leave it out" -}}
{{- end -}}
{{- range $name, $port := dict "http.port" .Values.http.port "management.port" .Values.management.port "network.tcp.port" .Values.network.tcp.port -}}
{{- if eq (int $port) (int $cluster.port) -}}
{{- fail (printf "cluster.port and %s must differ, not both be %d" $name (int $port)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- /* Clients speak to the pod themselves: TLS ends there, and not all of it is HTTP. */ -}}
{{- define "plenum.validate.onePort" -}}
{{- with .Values.network -}}
{{- if and .onePort.enabled (not .onePort.tlsSecret) -}}
{{- fail "network.onePort wants network.onePort.tlsSecret, a Secret of type kubernetes.io/tls" -}}
{{- end -}}
{{- if and .onePort.enabled (not .tcp.enabled) -}}
{{- fail "network.onePort wants network.tcp.enabled: that is what goes by the one port" -}}
{{- end -}}
{{- end -}}
{{- range $name, $enabled := dict "ingress.enabled" .Values.ingress.enabled "gateway.enabled" .Values.gateway.enabled -}}
{{- if and $.Values.network.onePort.enabled $enabled -}}
{{- fail (printf "network.onePort and %s contradict each other: clients speak TURN at the port of the page, which no proxy for HTTP lets through" $name) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- /* Each is a port of the container, and of the Service, and no two may have one number. */ -}}
{{- define "plenum.validate.relayPorts" -}}
{{- $network := .Values.network -}}
{{- $from := int $network.relayPorts.from -}}
{{- $to := int $network.relayPorts.to -}}
{{- if or (gt $from 0) (gt $to 0) -}}
{{- $ports := printf "network.relayPorts %d to %d" $from $to -}}
{{- if or (lt $from 1024) (lt $to $from) -}}
{{- fail (printf "%s must begin at 1024 or above, and not end before" $ports) -}}
{{- end -}}
{{- $count := int (add (sub $to $from) 1) -}}
{{- if gt $count 200 -}}
{{- fail (printf "%s are %d ports, and 200 are the most that the chart opens one by one: take fewer, or set config.turn.relay-ports in their place and open none" $ports $count) -}}
{{- end -}}
{{- if lt $count (int $network.workers) -}}
{{- fail (printf "%s hold no port for each of %d workers" $ports (int $network.workers)) -}}
{{- end -}}
{{- $turn := get .Values.config "turn" -}}
{{- if not (or $network.onePort.enabled (and (kindIs "map" $turn) (get $turn "own"))) -}}
{{- fail (printf "%s are those of the server's own TURN server: set config.turn.own or network.onePort.enabled" $ports) -}}
{{- end -}}
{{- $isNodePort := and (eq $network.shape "service") (eq $network.service.type "NodePort") -}}
{{- if and $isNodePort (or (lt $from 30000) (gt $to 32767)) -}}
{{- fail (printf "%s must be node ports, 30000 to 32767, with network.service.type NodePort: they have the same numbers outside" $ports) -}}
{{- end -}}
{{- $last := int (add $network.workers -1) -}}
{{- $inside := int $network.port -}}
{{- $outside := include "plenum.outside.udp" . | int -}}
{{- $others := list (list "http.port" .Values.http.port .Values.http.port) (list "management.port" .Values.management.port .Values.management.port) (list "the media ports" $inside (add $inside $last)) (list "the media ports outside" $outside (add $outside $last)) -}}
{{- if $network.tcp.enabled -}}
{{- $tcp := include "plenum.inside.tcp" . | int -}}
{{- $tcpOutside := include "plenum.outside.tcp" . | int -}}
{{- $others = append (append $others (list "the port of ICE-TCP" $tcp $tcp)) (list "the port of ICE-TCP outside" $tcpOutside $tcpOutside) -}}
{{- end -}}
{{- if .Values.cluster.enabled -}}
{{- $others = append $others (list "cluster.port" .Values.cluster.port .Values.cluster.port) -}}
{{- end -}}
{{- if .Values.coturn.enabled -}}
{{- $others = append (append $others (list "coturn.port" .Values.coturn.port .Values.coturn.port)) (list "coturn.relayPorts" .Values.coturn.relayPorts.from .Values.coturn.relayPorts.to) -}}
{{- end -}}
{{- range $other := $others -}}
{{- if and (le $from (int (last $other))) (ge $to (int (index $other 1))) -}}
{{- fail (printf "%s must not hold %s, %d to %d" $ports (first $other) (int (index $other 1)) (int (last $other))) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- /* Behind a proxy that is not trusted everybody has one address. */ -}}
{{- define "plenum.validate.proxies" -}}
{{- $known := false -}}
{{- $http := get .Values.config "http" -}}
{{- if and (kindIs "map" $http) (get $http "trusted-proxies") -}}
{{- $known = true -}}
{{- end -}}
{{- range .Values.env -}}
{{- if eq (get . "name") "PLENUM_HTTP_TRUSTED_PROXIES" -}}
{{- $known = true -}}
{{- end -}}
{{- end -}}
{{- range $name, $enabled := dict "ingress.enabled" .Values.ingress.enabled "gateway.enabled" .Values.gateway.enabled -}}
{{- if and $enabled (not $known) -}}
{{- fail (printf "%s wants config.http.trusted-proxies, the network of the controller's pods such as [10.244.0.0/16]: without it all clients are one address, and limits.connections-per-address and limits.joins-per-second cut most of them off" $name) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- /* What Kubernetes lets nobody change once it is there; `helm template` does not know. */ -}}
{{- define "plenum.validate.installed" -}}
{{- $name := include "plenum.fullname" . -}}
{{- $set := (lookup "apps/v1" "StatefulSet" .Release.Namespace $name) -}}
{{- $again := printf "`kubectl -n %s delete statefulset %s --cascade=orphan` (the pod goes on), then upgrade again" .Release.Namespace $name -}}
{{- if $set -}}
{{- if ne (toJson $set.spec.selector.matchLabels) (include "plenum.selector" . | fromYaml | toJson) -}}
{{- fail (printf "nameOverride cannot change once StatefulSet %s is installed, since its selector would: set it back, or uninstall and install" $name) -}}
{{- end -}}
{{- include "plenum.validate.installed.ports" (dict "what" (printf "StatefulSet %s" $name) "ports" (first $set.spec.template.spec.containers).ports "field" "containerPort" "advice" $again) -}}
{{- $there := list -}}
{{- if $set.spec.volumeClaimTemplates -}}
{{- $there = $set.spec.volumeClaimTemplates -}}
{{- end -}}
{{- $wanted := and .Values.persistence.enabled (not .Values.persistence.existingClaim) -}}
{{- if and $wanted (not $there) -}}
{{- fail (printf "persistence.enabled without persistence.existingClaim cannot begin while StatefulSet %s is installed without a volume of its own: %s" $name $again) -}}
{{- end -}}
{{- if and (not $wanted) $there -}}
{{- fail (printf "persistence.enabled and persistence.existingClaim cannot take the volume from StatefulSet %s while it is installed: %s. The claim data-%s-0 stays" $name $again $name) -}}
{{- end -}}
{{- if $wanted -}}
{{- $claim := (first $there).spec -}}
{{- with .Values.persistence -}}
{{- if ne (include "plenum.bytes" .size) (include "plenum.bytes" $claim.resources.requests.storage) -}}
{{- fail (printf "persistence.size cannot change from %s to %s while StatefulSet %s is installed: to grow the volume, `kubectl -n %s patch pvc data-%s-0 -p '{\"spec\":{\"resources\":{\"requests\":{\"storage\":\"%s\"}}}}'`, then %s. It cannot shrink" $claim.resources.requests.storage .size $name $.Release.Namespace $name .size $again) -}}
{{- end -}}
{{- if ne .storageClass (toString (default "" $claim.storageClassName)) -}}
{{- fail (printf "persistence.storageClass cannot change from %q to %q while StatefulSet %s is installed: copy the data to a claim of the new class and name it in persistence.existingClaim, or set it back" (toString (default "" $claim.storageClassName)) .storageClass $name) -}}
{{- end -}}
{{- if ne (toJson .accessModes) (toJson $claim.accessModes) -}}
{{- fail (printf "persistence.accessModes cannot change from %s to %s while StatefulSet %s is installed: set them back, or name a claim in persistence.existingClaim" (toJson $claim.accessModes) (toJson .accessModes) $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- include "plenum.validate.installed.service" . -}}
{{- include "plenum.validate.installed.coturn" . -}}
{{- end }}

{{- define "plenum.validate.installed.service" -}}
{{- $name := printf "%s-media" (include "plenum.fullname" .) -}}
{{- $service := (lookup "v1" "Service" .Release.Namespace $name) -}}
{{- if and $service (eq .Values.network.shape "service") -}}
{{- $again := printf "`kubectl -n %s delete service %s`, then upgrade again; reserve the load balancer's address first if it must stay" .Release.Namespace $name -}}
{{- include "plenum.validate.installed.ports" (dict "what" (printf "Service %s" $name) "ports" $service.spec.ports "field" "port" "advice" $again) -}}
{{- $class := .Values.network.service.loadBalancerClass -}}
{{- $there := toString (default "" $service.spec.loadBalancerClass) -}}
{{- if and $class (eq $service.spec.type "LoadBalancer") (eq .Values.network.service.type "LoadBalancer") (ne $class $there) -}}
{{- fail (printf "network.service.loadBalancerClass cannot change from %q to %q while Service %s is installed: %s" $there $class $name $again) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{- /* Chart 0.1.0 gave UDP and TCP the same number: the upgrade that takes it from one takes both. */ -}}
{{- define "plenum.validate.installed.ports" -}}
{{- $seen := dict -}}
{{- range .ports -}}
{{- $number := toString (get . $.field) -}}
{{- if hasKey $seen $number -}}
{{- fail (printf "%s is installed with two ports of number %s, which an upgrade would mix up: %s" $.what $number $.advice) -}}
{{- end -}}
{{- $_ := set $seen $number true -}}
{{- end -}}
{{- end }}

{{- define "plenum.validate.installed.coturn" -}}
{{- $name := printf "%s-turn" (include "plenum.fullname" .) -}}
{{- $turn := (lookup "apps/v1" "Deployment" .Release.Namespace $name) -}}
{{- if and $turn .Values.coturn.enabled -}}
{{- if ne (toJson $turn.spec.selector.matchLabels) (include "plenum.coturn.selector" . | fromYaml | toJson) -}}
{{- fail (printf "nameOverride cannot change once Deployment %s is installed, since its selector would: set it back, or `kubectl -n %s delete deployment %s`, then upgrade again" $name .Release.Namespace $name) -}}
{{- end -}}
{{- include "plenum.validate.installed.ports" (dict "what" (printf "Deployment %s" $name) "ports" (first $turn.spec.template.spec.containers).ports "field" "containerPort" "advice" (printf "`kubectl -n %s delete deployment %s`, then upgrade again" .Release.Namespace $name)) -}}
{{- end -}}
{{- end }}

{{- /* A quantity of storage as a number. */ -}}
{{- define "plenum.bytes" -}}
{{- $bytes := dict "" 1 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 "Pi" 1125899906842624 -}}
{{- $unit := regexFind "[A-Za-z]*$" . -}}
{{- mulf (trimSuffix $unit .) (get $bytes $unit) -}}
{{- end }}

{{- define "plenum.validate.persistence" -}}
{{- with .Values.persistence -}}
{{- if and .enabled (not .existingClaim) -}}
{{- $quota := 16384 -}}
{{- $recording := get $.Values.config "recording" -}}
{{- if and (kindIs "map" $recording) (hasKey $recording "quota") -}}
{{- $quota = int (get $recording "quota") -}}
{{- end -}}
{{- if and (kindIs "map" $recording) (kindIs "map" (get $recording "s3")) (get (get $recording "s3") "bucket") -}}
{{- $quota = 0 -}}
{{- end -}}
{{- if lt (include "plenum.bytes" .size | float64) (mulf $quota 1048576) -}}
{{- fail (printf "persistence.size %s does not hold the recordings, %d MiB by config.recording.quota: raise the one or lower the other" .size $quota) -}}
{{- end -}}
{{- $live := get $.Values.config "live" -}}
{{- if and (kindIs "map" $live) (gt (int (get $live "dvr")) 0) -}}
{{- $dvr := hasKey $live "dvr-size" | ternary (int (get $live "dvr-size")) 4096 -}}
{{- if lt (include "plenum.bytes" .size | float64) (mulf (add $quota $dvr) 1048576) -}}
{{- fail (printf "persistence.size %s does not hold the recordings, %d MiB by config.recording.quota, and %d MiB by config.live.dvr-size: raise the one or lower the others" .size $quota $dvr) -}}
{{- end -}}
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
{{- $relays := add (sub .relayPorts.to .relayPorts.from) 1 | int -}}
{{- if lt $relays (int .userQuota) -}}
{{- fail (printf "coturn.relayPorts %d to %d hold %d relays, fewer than the coturn.userQuota %d of one participant: widen the range or lower the quota" (int .relayPorts.from) (int .relayPorts.to) $relays (int .userQuota)) -}}
{{- end -}}
{{- if and (le (int .relayPorts.from) (int .port)) (ge (int .relayPorts.to) (int .port)) -}}
{{- fail (printf "coturn.port %d lies within coturn.relayPorts %d to %d" (int .port) (int .relayPorts.from) (int .relayPorts.to)) -}}
{{- end -}}
{{- $network := $.Values.network -}}
{{- $first := include "plenum.outside.udp" $ | int -}}
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
{{- $_ := set $onNode (ternary "network.tcp.outsidePort" "network.tcp.port" (gt (int $network.tcp.outsidePort) 0)) (include "plenum.outside.tcp" $) -}}
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
{{- $set := dict "http.host" "" "http.port" "http.port" "http.one-port" "network.onePort" "management.host" "" "management.port" "management.port" "media.port" "network.port" "media.workers" "network.workers" "media.advertised" "network.advertised" "media.advertised-port" "network.outsidePort" "media.offer-loopback" "" "media.tcp" "network.tcp" "data.dir" "persistence" "drain.seconds" "drain.seconds" "cluster.enabled" "cluster.enabled" "cluster.secret" "cluster" "cluster.port" "cluster.port" "cluster.dns" "" "cluster.hosts" "" "cluster.node" "" "cluster.host" "" "cluster.expected" "replicas" "auth.keys" "auth" "auth.keys-file" "auth" "auth.jwks" "auth.jwks" "auth.open" "auth.open" -}}
{{- if gt (int .Values.network.relayPorts.to) 0 -}}
{{- $_ := set $set "turn.relay-ports" "network.relayPorts" -}}
{{- end -}}
{{- if .Values.coturn.enabled -}}
{{- $set = merge $set (dict "turn.urls" "coturn" "turn.secret" "coturn") -}}
{{- else if kindIs "map" (get $config "turn") -}}
{{- $named := false -}}
{{- range .Values.env -}}
{{- if eq (get . "name") "PLENUM_TURN_SECRET" -}}
{{- $named = true -}}
{{- end -}}
{{- end -}}
{{- if hasKey $config.turn "secret" -}}
{{- fail "config.turn.secret could be read by whoever may read the ConfigMap: give it by env, as PLENUM_TURN_SECRET from a Secret" -}}
{{- end -}}
{{- if and (get $config.turn "urls") (not $named) -}}
{{- fail "config.turn.urls wants the secret shared with that server: give it by env, as PLENUM_TURN_SECRET from a Secret" -}}
{{- end -}}
{{- end -}}
{{- if kindIs "map" (get $config "recording") -}}
{{- with get $config.recording "s3" -}}
{{- if hasKey . "secret" -}}
{{- fail "config.recording.s3.secret could be read by whoever may read the ConfigMap: give it by env, as PLENUM_RECORDING_S3_SECRET from a Secret" -}}
{{- end -}}
{{- $named := hasKey . "secret-file" -}}
{{- range $.Values.env -}}
{{- if eq (get . "name") "PLENUM_RECORDING_S3_SECRET" -}}
{{- $named = true -}}
{{- end -}}
{{- end -}}
{{- if and (get . "bucket") (not $named) -}}
{{- fail "config.recording.s3.bucket wants the secret of the access key: give it by env, as PLENUM_RECORDING_S3_SECRET from a Secret" -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $key, $value := $set -}}
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

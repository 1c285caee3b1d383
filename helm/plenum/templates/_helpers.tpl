{{- define "plenum.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end }}

{{- define "plenum.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "plenum.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "plenum.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{- define "plenum.selector" -}}
app.kubernetes.io/name: {{ include "plenum.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: server
{{- end }}

{{- define "plenum.coturn.selector" -}}
app.kubernetes.io/name: {{ include "plenum.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: turn
{{- end }}

{{- define "plenum.common" -}}
app.kubernetes.io/part-of: plenum
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "plenum.labels" -}}
{{ include "plenum.selector" . }}
{{ include "plenum.common" . }}
{{- end }}

{{- define "plenum.image" -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag }}
{{- end -}}
{{- end }}

{{- define "plenum.serverImage" -}}
{{- with .Values.image -}}
{{ include "plenum.image" (dict "repository" .repository "tag" (default $.Chart.AppVersion .tag) "digest" .digest) }}
{{- end -}}
{{- end }}

{{- define "plenum.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{ default (include "plenum.fullname" .) .Values.serviceAccount.name }}
{{- else -}}
{{ default "default" .Values.serviceAccount.name }}
{{- end -}}
{{- end }}

{{- define "plenum.authSecret" -}}
{{- default (printf "%s-auth" (include "plenum.fullname" .)) .Values.auth.existingSecret -}}
{{- end }}

{{- define "plenum.turnSecret" -}}
{{- default (printf "%s-turn" (include "plenum.fullname" .)) .Values.coturn.existingSecret -}}
{{- end }}

{{- define "plenum.clusterSecret" -}}
{{- default (printf "%s-cluster" (include "plenum.fullname" .)) .Values.cluster.existingSecret -}}
{{- end }}

{{- /* Whether tokens are checked with keys from a Secret. */ -}}
{{- define "plenum.hasKeys" -}}
{{- if or .Values.auth.existingSecret .Values.auth.keys -}}true{{- end -}}
{{- end }}

{{- /* What Prometheus calls this release's target. */ -}}
{{- define "plenum.job" -}}
{{- printf "%s/%s" .Release.Namespace (include "plenum.fullname" .) -}}
{{- end }}

{{- /* The alerts, those that look for a job for this release's, each with its place in the runbook. */ -}}
{{- define "plenum.alerts" -}}
{{- $file := .Files.Get "files/alerts.yaml" | fromYaml -}}
{{- range $file.groups -}}
{{- range .rules -}}
{{- $_ := set . "expr" (replace `job="plenum"` (printf `job=%q` (include "plenum.job" $)) .expr) -}}
{{- if $.Values.prometheusRule.runbookUrl -}}
{{- $_ := set .annotations "runbook_url" (printf "%s#%s" (trimSuffix "/" $.Values.prometheusRule.runbookUrl) (lower .alert)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toYaml $file -}}
{{- end }}

{{- define "plenum.ipFamilies" -}}
ipFamilyPolicy: {{ .Values.network.ipFamilyPolicy }}
{{- end }}

{{- /* What no container of ours needs. */ -}}
{{- define "plenum.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities:
  drop: [ALL]
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- /* The first worker's port where clients send to. */ -}}
{{- define "plenum.outside.udp" -}}
{{- with .Values.network -}}
{{- if and (eq .shape "service") (eq .service.type "NodePort") -}}
{{ int .service.nodePort }}
{{- else -}}
{{ include "plenum.outside.port" . }}
{{- end -}}
{{- end -}}
{{- end }}

{{- /* The port of ICE-TCP in the pod. */ -}}
{{- define "plenum.inside.tcp" -}}
{{- int (ternary .Values.http.port .Values.network.tcp.port .Values.network.onePort.enabled) -}}
{{- end }}

{{- /* The port of ICE-TCP on the node or of the Service. */ -}}
{{- define "plenum.service.tcp" -}}
{{- default (include "plenum.inside.tcp" . | int) (int .Values.network.tcp.outsidePort) -}}
{{- end }}

{{- /* The Service for media. Its list of ports must never change from one that has two of a number. */ -}}
{{- define "plenum.service.media" -}}
{{- if .Values.network.onePort.enabled -}}
{{ include "plenum.fullname" . }}-one-{{ include "plenum.service.tcp" . }}
{{- else -}}
{{ include "plenum.fullname" . }}-media
{{- end -}}
{{- end }}

{{- /* The port of ICE-TCP where clients connect to. */ -}}
{{- define "plenum.outside.tcp" -}}
{{- with .Values.network -}}
{{- if and (eq .shape "service") (eq .service.type "NodePort") -}}
{{ default (int .service.nodePort) (int .service.tcpNodePort) }}
{{- else -}}
{{ include "plenum.service.tcp" $ }}
{{- end -}}
{{- end -}}
{{- end }}

{{- /* The ports of relays of direct calls, the same inside and outside. */ -}}
{{- define "plenum.relayPorts" -}}
{{- $ports := list -}}
{{- with .Values.network.relayPorts -}}
{{- if gt (int .to) 0 -}}
{{- $ports = untilStep (int .from) (int (add .to 1)) 1 -}}
{{- end -}}
{{- end -}}
{{- toJson $ports -}}
{{- end }}

{{- /* Of `network` or `network.tcp`: the one outside if it differs. */ -}}
{{- define "plenum.outside.port" -}}
{{- default (int .port) (int .outsidePort) -}}
{{- end }}

{{- /* Which ports differ outside, as the server is told it. */ -}}
{{- define "plenum.outside" -}}
{{- $network := .Values.network -}}
{{- $udp := include "plenum.outside.udp" . | int -}}
{{- $tcp := include "plenum.outside.tcp" . | int -}}
{{- $told := dict -}}
{{- $tcpUntold := include "plenum.inside.tcp" . | int -}}
{{- if ne $udp (int $network.port) -}}
{{- $_ := set $told "advertised-port" $udp -}}
{{- $tcpUntold = $udp -}}
{{- end -}}
{{- if and $network.tcp.enabled (or (ne $tcp $tcpUntold) (gt (int $network.tcp.outsidePort) 0) (gt (int $network.service.tcpNodePort) 0)) -}}
{{- $_ := set $told "tcp" (dict "advertised-port" $tcp) -}}
{{- end -}}
{{- toJson $told -}}
{{- end }}

{{- /* What the pod may and may not. A port below 1024 is for whoever is root, unless its network says otherwise; the node's is not ours to change. */ -}}
{{- define "plenum.podSecurity" -}}
{{- $own := dict "runAsNonRoot" true "runAsUser" 65532 "runAsGroup" 65532 "fsGroup" 65532 "fsGroupChangePolicy" "OnRootMismatch" "seccompProfile" (dict "type" "RuntimeDefault") -}}
{{- $lowest := min (int .Values.http.port) (int .Values.management.port) (int .Values.network.port) -}}
{{- if .Values.network.tcp.enabled -}}
{{- $lowest = min $lowest (include "plenum.inside.tcp" . | int) -}}
{{- end -}}
{{- if and (lt (int $lowest) 1024) (ne .Values.network.shape "hostNetwork") -}}
{{- $_ := set $own "sysctls" (list (dict "name" "net.ipv4.ip_unprivileged_port_start" "value" "0")) -}}
{{- end -}}
{{- $given := deepCopy .Values.podSecurityContext -}}
{{- if and (hasKey $own "sysctls") (hasKey $given "sysctls") -}}
{{- $_ := set $given "sysctls" (concat $own.sysctls $given.sysctls) -}}
{{- end -}}
{{- toYaml (mergeOverwrite $own $given) -}}
{{- end }}

{{- /* The settings file: what the chart knows, over `config`. JSON is HOCON. */ -}}
{{- define "plenum.conf" -}}
{{- $media := dict "port" (int .Values.network.port) "workers" (int .Values.network.workers) "offer-loopback" false "tcp" (dict "enabled" .Values.network.tcp.enabled "port" (include "plenum.inside.tcp" . | int)) -}}
{{- if .Values.network.advertised -}}
{{- $_ := set $media "advertised" .Values.network.advertised -}}
{{- end -}}
{{- $media = mergeOverwrite $media (include "plenum.outside" . | fromJson) -}}
{{- $own := dict "http" (dict "host" "0.0.0.0" "port" (int .Values.http.port)) "management" (dict "host" "0.0.0.0" "port" (int .Values.management.port)) "media" $media "drain" (dict "seconds" (int .Values.drain.seconds)) -}}
{{- if ne .Values.http.path "/" -}}
{{- $_ := set $own.http "path-prefix" .Values.http.path -}}
{{- end -}}
{{- if .Values.network.onePort.enabled -}}
{{- $_ := set $own.http "one-port" true -}}
{{- $_ := set $own "tls" (dict "certificate" "/etc/plenum-tls/tls.crt" "key" "/etc/plenum-tls/tls.key") -}}
{{- end -}}
{{- if .Values.persistence.enabled -}}
{{- $_ := set $own "data" (dict "dir" "/data") -}}
{{- end -}}
{{- if .Values.cluster.enabled -}}
{{- $_ := set $own "cluster" (dict "enabled" true "port" (int .Values.cluster.port) "dns" (printf "%s-pods.%s.svc" (include "plenum.fullname" .) .Release.Namespace) "expected" (int .Values.replicas)) -}}
{{- end -}}
{{- $auth := dict -}}
{{- if include "plenum.hasKeys" . -}}
{{- $_ := set $auth "keys-file" "/etc/plenum-keys/keys" -}}
{{- end -}}
{{- if .Values.auth.jwks -}}
{{- $_ := set $auth "jwks" .Values.auth.jwks -}}
{{- end -}}
{{- if .Values.auth.open -}}
{{- $_ := set $auth "open" true -}}
{{- end -}}
{{- if $auth -}}
{{- $_ := set $own "auth" $auth -}}
{{- end -}}
{{- if .Values.coturn.enabled -}}
{{- $_ := set $own "turn" (dict "urls" (list (printf "turn:%s:%d?transport=udp" .Values.coturn.host (int .Values.coturn.port)) (printf "turn:%s:%d?transport=tcp" .Values.coturn.host (int .Values.coturn.port)))) -}}
{{- end -}}
{{- with .Values.network.relayPorts -}}
{{- if gt (int .to) 0 -}}
{{- $_ := set $own "turn" (merge (default (dict) (get $own "turn")) (dict "relay-ports" (printf "%d-%d" (int .from) (int .to)))) -}}
{{- end -}}
{{- end -}}
{{- mergeOverwrite (deepCopy .Values.config) $own | toPrettyJson -}}
{{- end }}

{{- /* What the pod's environment adds to the settings file: the node's address, secrets. */ -}}
{{- define "plenum.env" -}}
{{- if and (not .Values.network.advertised) (or (ne .Values.network.shape "service") (eq .Values.network.service.type "NodePort")) }}
- name: HOST_IP
  valueFrom:
    fieldRef:
      {{- if and (ne .Values.network.ipFamilyPolicy "SingleStack") (semverCompare ">=1.30-0" .Capabilities.KubeVersion.Version) }}
      fieldPath: status.hostIPs
      {{- else }}
      fieldPath: status.hostIP
      {{- end }}
- name: PLENUM_MEDIA_ADVERTISED
  value: "$(HOST_IP)"
{{- end }}
{{- if .Values.coturn.enabled }}
- name: PLENUM_TURN_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ include "plenum.turnSecret" . }}
      key: secret
{{- end }}
{{- if .Values.cluster.enabled }}
- name: PLENUM_CLUSTER_NODE
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: PLENUM_CLUSTER_HOST
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
- name: PLENUM_CLUSTER_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ include "plenum.clusterSecret" . }}
      key: secret
{{- end }}
{{- with .Values.javaOptions }}
- name: _JAVA_OPTIONS
  value: {{ . | quote }}
{{- end }}
{{- with .Values.env }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /* Where coturn relays nobody to: all that is not public (RFC 6890), so that it is no way into the cluster.
  `::` coturn refuses by itself; in this list it would stand for every address. */ -}}
{{- define "plenum.coturn.denied" -}}
- 0.0.0.0-0.255.255.255
- 10.0.0.0-10.255.255.255
- 100.64.0.0-100.127.255.255
- 127.0.0.0-127.255.255.255
- 169.254.0.0-169.254.255.255
- 172.16.0.0-172.31.255.255
- 192.0.0.0-192.0.0.255
- 192.0.2.0-192.0.2.255
- 192.88.99.0-192.88.99.255
- 192.168.0.0-192.168.255.255
- 198.18.0.0-198.19.255.255
- 198.51.100.0-198.51.100.255
- 203.0.113.0-203.0.113.255
- 240.0.0.0-255.255.255.255
- "::1"
- "64:ff9b::-64:ff9b:ffff:ffff:ffff:ffff:ffff:ffff"
- "::ffff:0.0.0.0-::ffff:255.255.255.255"
- "100::-100::ffff:ffff:ffff:ffff"
- "2001::-2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"
- "2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"
- "2002::-2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
- "fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
- "fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
{{- end }}

{{- /* Exceptions: where media is advertised, without ports, and what the values say. */ -}}
{{- define "plenum.coturn.allowed" -}}
{{- $addresses := list -}}
{{- range .Values.network.advertised -}}
{{- /* A name is that of something public. */ -}}
{{- if not (regexMatch "^[^\\[].*[A-Za-z-].*\\.[A-Za-z]" .) -}}
{{- $addresses = append $addresses (regexReplaceAll "^\\[(.*)\\]:[0-9]+$|^([0-9.]+):[0-9]+$" . "${1}${2}") -}}
{{- end -}}
{{- end -}}
{{- concat $addresses .Values.coturn.allowedPeers | uniq | toJson -}}
{{- end }}

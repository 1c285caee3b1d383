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

{{- /* Whether tokens are checked with keys from a Secret. */ -}}
{{- define "plenum.hasKeys" -}}
{{- if or .Values.auth.existingSecret .Values.auth.keys -}}true{{- end -}}
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

{{- /* Where clients send media, as the server is told it; empty: env gives the node's address. */ -}}
{{- define "plenum.advertised" -}}
{{- $network := .Values.network -}}
{{- $addresses := list -}}
{{- range $network.advertised -}}
{{- $address := . -}}
{{- if and (eq $network.shape "service") (eq $network.service.type "NodePort") -}}
{{- if and (contains ":" .) (not (contains "]" .)) (not (contains "." .)) -}}
{{- $address = printf "[%s]:%d" . (int $network.service.nodePort) -}}
{{- else if not (or (contains "]:" .) (contains ":" .)) -}}
{{- $address = printf "%s:%d" . (int $network.service.nodePort) -}}
{{- end -}}
{{- end -}}
{{- $addresses = append $addresses $address -}}
{{- end -}}
{{- toJson $addresses -}}
{{- end }}

{{- /* The settings file: what the chart knows, over `config`. JSON is HOCON. */ -}}
{{- define "plenum.conf" -}}
{{- $media := dict "port" (int .Values.network.port) "workers" (int .Values.network.workers) "offer-loopback" false "tcp" (dict "enabled" .Values.network.tcp.enabled "port" (int .Values.network.tcp.port)) -}}
{{- if .Values.network.advertised -}}
{{- $_ := set $media "advertised" (include "plenum.advertised" . | fromJsonArray) -}}
{{- end -}}
{{- $own := dict "http" (dict "host" "0.0.0.0" "port" (int .Values.http.port)) "management" (dict "host" "0.0.0.0" "port" (int .Values.management.port)) "media" $media "drain" (dict "seconds" (int .Values.drain.seconds)) -}}
{{- if ne .Values.http.path "/" -}}
{{- $_ := set $own.http "path-prefix" .Values.http.path -}}
{{- end -}}
{{- if .Values.persistence.enabled -}}
{{- $_ := set $own "data" (dict "dir" "/data") -}}
{{- end -}}
{{- $auth := dict -}}
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
{{- mergeOverwrite (deepCopy .Values.config) $own | toPrettyJson -}}
{{- end }}

{{- /* What the pod's environment adds to the settings file: the node's address, secrets. */ -}}
{{- define "plenum.env" -}}
{{- if and (not .Values.network.advertised) (or (ne .Values.network.shape "service") (eq .Values.network.service.type "NodePort")) }}
- name: HOST_IP
  valueFrom:
    fieldRef:
      fieldPath: status.hostIP
- name: PLENUM_MEDIA_ADVERTISED
  {{- if (ne .Values.network.shape "service") }}
  value: "$(HOST_IP)"
  {{- else }}
  value: "$(HOST_IP):{{ .Values.network.service.nodePort }}"
  {{- end }}
{{- end }}
{{- if include "plenum.hasKeys" . }}
- name: PLENUM_AUTH_KEYS
  valueFrom:
    secretKeyRef:
      name: {{ include "plenum.authSecret" . }}
      key: keys
{{- end }}
{{- if .Values.coturn.enabled }}
- name: PLENUM_TURN_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ include "plenum.turnSecret" . }}
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
{{- $addresses = append $addresses (regexReplaceAll "^\\[(.*)\\]:[0-9]+$|^([0-9.]+):[0-9]+$" . "${1}${2}") -}}
{{- end -}}
{{- concat $addresses .Values.coturn.allowedPeers | uniq | toJson -}}
{{- end }}

#!/usr/bin/python3
"""Publishes a test picture in H264 by WHIP (RFC 9725) with GStreamer's webrtcbin, until it is told to end (SIGTERM).

    gstreamer_whip.py URL [COLOUR [relay]]
                      COLOUR: of the background, 0xAARRGGBB; a white ball moves before it
                      relay: by the TURN server alone that the answer's Link headers name
    gstreamer_whip.py --check          says what is missing, exit status 1; nothing, 0

webrtcbin's DTLS offers SRTP_AES128_CM_HMAC_SHA1_80 and nothing newer.

A line on standard input, "jump SECONDS UNITS", makes it pause for so long and then go on with RTP timestamps that are
so many units away from where they would be; it says "jumped" as soon as such a packet is under way.
"""

import re
import signal
import sys
import threading
import time
import urllib.parse
import urllib.request

ELEMENTS = ["videotestsrc", "x264enc", "h264parse", "rtph264pay", "webrtcbin", "dtlssrtpenc", "srtpenc", "nicesrc"]

# Small packets, so that a key frame's slices take several (FU-A), behind its parameter sets in one (STAP-A).
PIPELINE = """
    videotestsrc is-live=true pattern=ball background-color={colour} foreground-color=0xffffffff
    ! video/x-raw,width=320,height=180,framerate=10/1 ! identity name=camera
    ! x264enc tune=zerolatency speed-preset=ultrafast bitrate=400 key-int-max=300
    ! video/x-h264,profile=constrained-baseline
    ! h264parse ! rtph264pay name=payloader mtu=600 config-interval=-1 aggregate-mode=zero-latency
    ! application/x-rtp,media=video,encoding-name=H264,payload=96,clock-rate=90000
    ! webrtcbin name=webrtc bundle-policy=max-bundle
"""


def load():
    """Imports GStreamer by introspection; the reason if it is not there, else None."""
    global Gst, GstSdp, GstWebRTC, GLib
    try:
        import gi

        for name in ("Gst", "GstSdp", "GstWebRTC"):
            gi.require_version(name, "1.0")
        from gi.repository import GLib, Gst, GstSdp, GstWebRTC
    except (ImportError, ValueError) as problem:
        return str(problem)
    Gst.init(None)
    missing = [name for name in ELEMENTS if Gst.ElementFactory.find(name) is None]
    return f"elements {', '.join(missing)}" if missing else None


class JumpingClock:
    """Adds to the RTP timestamps of a pipeline's packets, and makes it pause before."""

    def __init__(self, camera, payloader):
        self.paused_until = 0
        self.offset = 0
        self.coming = 0
        self.asked = False
        self.latest = None  # timestamp of the latest packet, as the payloader gave it
        camera.get_static_pad("src").add_probe(Gst.PadProbeType.BUFFER, self.on_picture)
        packets = Gst.PadProbeType.BUFFER | Gst.PadProbeType.BUFFER_LIST
        payloader.get_static_pad("src").add_probe(packets, self.on_packets)

    def obey(self, lines):
        for line in lines:
            command, seconds, units = line.split()
            if command != "jump":
                raise ValueError(line)
            self.coming = self.offset + int(units)
            self.paused_until = time.monotonic() + float(seconds)
            self.asked = True

    def on_picture(self, pad, info):
        return Gst.PadProbeReturn.DROP if time.monotonic() < self.paused_until else Gst.PadProbeReturn.OK

    def on_packets(self, pad, info):
        parts = info.get_buffer_list() if info.type & Gst.PadProbeType.BUFFER_LIST else None
        packets = [parts.get(i) for i in range(parts.length())] if parts else [info.get_buffer()]
        sent = int.from_bytes(packets[0].extract_dup(4, 4), "big")
        begins = sent != self.latest  # all packets of a picture have one timestamp
        self.latest = sent
        if self.asked and begins and time.monotonic() >= self.paused_until:
            self.offset = self.coming
            self.asked = False
            print("jumped", flush=True)
        if self.offset == 0:
            return Gst.PadProbeReturn.OK
        moved = (sent + self.offset) % 2**32
        for packet in packets:
            # What a probe is shown cannot be written to.
            copy = packet.copy_deep()
            copy.fill(4, moved.to_bytes(4, "big"))
            pad.get_peer().chain(copy)
        return Gst.PadProbeReturn.DROP


class Publisher:
    def __init__(self, url, colour="0xff000000", path="any"):
        self.url = url
        self.relayed = path == "relay"
        self.session = None
        self.loop = GLib.MainLoop()
        self.pipeline = Gst.parse_launch(PIPELINE.format(colour=colour))
        self.webrtc = self.pipeline.get_by_name("webrtc")
        if self.relayed:
            self.webrtc.props.ice_transport_policy = GstWebRTC.WebRTCICETransportPolicy.RELAY
        self.webrtc.connect("on-negotiation-needed", self.on_negotiation_needed)
        self.webrtc.connect("notify::connection-state", self.on_connection_state)
        clock = JumpingClock(self.pipeline.get_by_name("camera"), self.pipeline.get_by_name("payloader"))
        threading.Thread(target=clock.obey, args=(sys.stdin,), daemon=True).start()
        bus = self.pipeline.get_bus()
        bus.add_signal_watch()
        bus.connect("message::error", lambda _, message: self.fail(message.parse_error()))

    def run(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, number, self.loop.quit)
        self.pipeline.set_state(Gst.State.PLAYING)
        self.loop.run()
        if self.session:
            urllib.request.urlopen(urllib.request.Request(self.session, method="DELETE"))
        self.pipeline.set_state(Gst.State.NULL)

    def fail(self, reason):
        print(reason, file=sys.stderr, flush=True)
        self.loop.quit()

    def on_connection_state(self, webrtc, _):
        print(webrtc.props.connection_state.value_nick, flush=True)
        if webrtc.props.connection_state == GstWebRTC.WebRTCPeerConnectionState.CONNECTED:
            self.print_srtp()

    def print_srtp(self):
        """What protects our media, by the element that does it."""
        elements = self.webrtc.iterate_recurse()
        while True:
            result, element = elements.next()
            if result != Gst.IteratorResult.OK:
                break
            factory = element.get_factory()  # None for parts of webrtcbin itself
            if factory and factory.get_name() == "srtpenc":
                print("SRTP", element.props.rtp_cipher.value_nick, element.props.rtp_auth.value_nick, flush=True)

    def on_negotiation_needed(self, webrtc):
        # The SFU is ICE-lite: our candidates go to it in the checks themselves, so none is waited for.
        created = Gst.Promise.new_with_change_func(self.on_offer, None)
        webrtc.emit("create-offer", None, created)

    def on_offer(self, promise, _):
        reply = promise.get_reply()  # the offer lives no longer than this
        offer = reply.get_value("offer")
        if not self.relayed:
            self.webrtc.emit("set-local-description", offer, Gst.Promise.new())
        text = offer.sdp.as_text()
        print(text, flush=True)
        request = urllib.request.Request(self.url, text.encode(), {"Content-Type": "application/sdp"})
        try:
            with urllib.request.urlopen(request) as response:
                self.session = urllib.parse.urljoin(self.url, response.headers["Location"])
                text = response.read()
                links = response.headers.get_all("Link") or []
        except urllib.error.HTTPError as refusal:
            self.fail(f"{refusal.code} {refusal.read().decode()}")
            return
        if self.relayed:
            # RFC 9725 §4.6; what is known before the local description is used from the start.
            for server in filter(None, map(self.turn_server, links)):
                print("relay", self.webrtc.emit("add-turn-server", server), flush=True)
            self.webrtc.emit("set-local-description", offer, Gst.Promise.new())
        _, sdp = GstSdp.SDPMessage.new()
        GstSdp.sdp_message_parse_buffer(text, sdp)
        answer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, sdp)
        self.webrtc.emit("set-remote-description", answer, Gst.Promise.new())

    @staticmethod
    def turn_server(link):
        """A Link header's server as webrtcbin takes it; None if it is none over TCP."""
        url = re.match(r"<turn:([^>]+transport=tcp)>", link)
        if not url:
            return None
        quoted = {name: urllib.parse.quote(value, safe="") for name, value in re.findall(r'(\w+)="([^"]*)"', link)}
        return f"turn://{quoted['username']}:{quoted['credential']}@{url[1]}"


missing = load()
if missing:
    sys.exit(f"GStreamer lacks {missing}")
if sys.argv[1:] != ["--check"]:
    Publisher(*sys.argv[1:4]).run()

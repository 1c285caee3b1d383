package org.plenum.signaling.http;

import java.util.function.Function;
import org.plenum.signaling.admin.ApiReply;
import org.plenum.signaling.admin.ApiRequest;
import org.plenum.signaling.session.ClientLine;
import org.plenum.signaling.store.LiveSource;
import org.plenum.signaling.store.StoreReply;
import org.plenum.signaling.store.StoreRequest;
import org.plenum.signaling.whip.WhipReply;
import org.plenum.signaling.whip.WhipRequest;

/// Who answers what comes in: this server, or whichever node has what is asked for.
public record Answerers(
    ClientLine.Opener sockets,
    Function<ApiRequest, ApiReply> api,
    Function<WhipRequest, WhipReply> whip,
    Function<StoreRequest, StoreReply> recordings,
    Function<StoreRequest, StoreReply> files,
    LiveSource live) {}

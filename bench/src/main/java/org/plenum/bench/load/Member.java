package org.plenum.bench.load;

import org.plenum.bench.client.ClientPlan;
import org.plenum.bench.client.LoadClient;
import org.plenum.bench.client.Presence;
import org.plenum.bench.signaling.ClientSignaling;

/// A client that is in, and all that is needed to take it out.
record Member(
    ClientPlan plan,
    LoadLoop loop,
    LoadClient client,
    Presence presence,
    ClientSignaling.Session session) {}

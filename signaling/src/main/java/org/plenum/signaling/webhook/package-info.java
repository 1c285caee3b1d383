/// What happens in rooms, kept in a journal and told to webhooks.
@NullMarked
package org.plenum.signaling.webhook;

import org.jspecify.annotations.NullMarked;

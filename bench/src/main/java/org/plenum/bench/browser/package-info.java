/// What a person waits for, measured in a real browser.
@NullMarked
package org.plenum.bench.browser;

import org.jspecify.annotations.NullMarked;

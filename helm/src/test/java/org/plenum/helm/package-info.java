/// Tests of what operators get: the chart, its dashboard and alerts, the image.
@NullMarked
package org.plenum.helm;

import org.jspecify.annotations.NullMarked;

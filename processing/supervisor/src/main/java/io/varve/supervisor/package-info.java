/// `./varve up`: PostgreSQL, one web server and one worker on one machine, watched and restarted.
@NullMarked
package io.varve.supervisor;

import org.jspecify.annotations.NullMarked;

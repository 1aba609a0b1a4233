/// Amazon Web Services: the EBS direct APIs are ours, the control plane is moto's, in a process of its own behind us.
@NullMarked
package io.varve.emulator.aws;

import org.jspecify.annotations.NullMarked;

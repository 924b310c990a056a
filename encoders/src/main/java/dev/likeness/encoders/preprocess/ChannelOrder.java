package dev.likeness.encoders.preprocess;

/** Which colour the first of the tensor's three planes holds. */
public enum ChannelOrder {
  RGB,
  BGR
}

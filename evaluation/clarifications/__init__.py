"""Questions of experts to enterprises, passed on by officers, without names."""

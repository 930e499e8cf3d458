#!/bin/sh
# What encfs asks for its password.
echo password

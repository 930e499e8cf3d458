// SPDX-License-Identifier: Apache-2.0
module fmap_driver

go 1.19

extension CallTemplate {
    /// Calls of the services that run servers, functions and containers.
    static let compute: [CallTemplate] = [
        CallTemplate(
            "ec2",
            "DescribeInstances",
            weight: 4000,
            request: #"""
                {"instancesSet":{},"filterSet":{"items":[{"name":"instance-state-name",\#
                "valueSet":{"items":[{"value":"running"},{"value":"pending"}]}}]},"maxResults":1000}
                """#
        ),
        CallTemplate(
            "ec2",
            "DescribeInstances",
            weight: 900,
            request: #"{"instancesSet":{"items":[<<instances>>]},"filterSet":{}}"#
        ),
        CallTemplate(
            "ec2",
            "DescribeInstanceStatus",
            weight: 1400,
            request: #"""
                {"instancesSet":{"items":[{"instanceId":"i-0<<id>>"}]},"filterSet":{},\#
                "includeAllInstances":true}
                """#
        ),
        CallTemplate(
            "ec2",
            "DescribeSecurityGroups",
            weight: 1400,
            request: #"""
                {"securityGroupSet":{},"securityGroupIdSet":{"items":[{"groupId":"sg-0<<id>>"}]},"filterSet":{}}
                """#
        ),
        CallTemplate(
            "ec2",
            "DescribeVolumes",
            weight: 1200,
            request: #"""
                {"volumeSet":{},"filterSet":{"items":[{"name":"attachment.instance-id",\#
                "valueSet":{"items":[{"value":"i-0<<id>>"}]}}]}}
                """#
        ),
        CallTemplate(
            "ec2",
            "DescribeSubnets",
            weight: 1100,
            request: #"{"subnetSet":{"items":[{"subnetId":"subnet-0<<id>>"}]},"filterSet":{}}"#
        ),
        CallTemplate(
            "ec2",
            "DescribeVpcs",
            weight: 1000,
            request: #"{"vpcSet":{"items":[{"vpcId":"vpc-0<<id>>"}]},"filterSet":{}}"#
        ),
        CallTemplate(
            "ec2",
            "DescribeRouteTables",
            weight: 1400,
            request: #"""
                {"routeTableIdSet":{},"filterSet":{"items":[{"name":"association.subnet-id",\#
                "valueSet":{"items":[{"value":"subnet-0<<id>>"}]}}]}}
                """#
        ),
        CallTemplate(
            "ec2",
            "DescribeNetworkInterfaces",
            weight: 1000,
            request: #"""
                {"networkInterfaceIdSet":{},"filterSet":{"items":[{"name":"vpc-id",\#
                "valueSet":{"items":[{"value":"vpc-0<<id>>"}]}},{"name":"group-id",\#
                "valueSet":{"items":[{"value":"sg-0<<id2>>"}]}}]}}
                """#
        ),
        CallTemplate(
            "ec2",
            "DescribeTags",
            weight: 900,
            request: #"""
                {"maxResults":1000,"filterSet":{"items":[{"name":"resource-id",\#
                "valueSet":{"items":[{"value":"i-0<<id>>"}]}}]}}
                """#
        ),
        CallTemplate(
            "ec2",
            "DescribeImages",
            weight: 600,
            request: #"""
                {"imagesSet":{"items":[{"imageId":"ami-0<<id>>"}]},"ownersSet":{},"executableBySet":{},\#
                "filterSet":{}}
                """#
        ),
        CallTemplate(
            "ec2",
            "DescribeAvailabilityZones",
            weight: 600,
            request: #"{"availabilityZoneSet":{},"availabilityZoneIdSet":{}}"#
        ),
        CallTemplate(
            "ec2",
            "DescribeNatGateways",
            weight: 500,
            request: #"{"DescribeNatGatewaysRequest":{"NatGatewayId":{"tag":1,"content":"nat-0<<id>>"}}}"#
        ),
        CallTemplate("ec2", "DescribeRegions", weight: 500, request: #"{"regionSet":{},"allRegions":false}"#),
        CallTemplate(
            "ecs",
            "PolicyAction",
            weight: 150,
            caller: .untyped("ecs"),
            failures: [],
            kind: .serviceEvent,
            hasRequestID: false,
            serviceDetails: #"""
                {"serviceArn":"arn:aws:ecs:<<region>>:<<account>>:service/<<app>>-<<environment>>",\#
                "reason":"(service <<app>>-<<environment>>) has reached a steady state."}
                """#
        ),
        CallTemplate("lambda", "ListFunctions20150331", weight: 600, request: #"{"maxItems":50}"#),
        CallTemplate(
            "lambda",
            "GetFunction20150331v2",
            weight: 500,
            request: #"""
                {"functionName":"arn:aws:lambda:<<region>>:<<account>>:function:<<app>>-<<environment>>-handler"}
                """#
        ),
        CallTemplate(
            "lambda",
            "UpdateFunctionCode20150331v2",
            weight: 150,
            request: #"""
                {"functionName":"<<app>>-<<environment>>-handler","s3Bucket":"<<bucket>>",\#
                "s3Key":"<<objectKey>>","publish":true,"dryRun":false}
                """#,
            response: #"""
                {"functionName":"<<app>>-<<environment>>-handler",\#
                "functionArn":"arn:aws:lambda:<<region>>:<<account>>:function:<<app>>-<<environment>>-handler:\#
                <<number>>","runtime":"python3.12","role":"arn:aws:iam::<<account>>:role/<<role>>",\#
                "handler":"app.handler","codeSize":<<bigNumber>>,"description":"","timeout":30,"memorySize":512,\#
                "lastModified":"<<now>>","codeSha256":"<<base64>>","version":"<<number>>","environment":{},\#
                "tracingConfig":{"mode":"Active"},"revisionId":"<<uuid>>","state":"Active",\#
                "lastUpdateStatus":"Successful","packageType":"Zip","architectures":["x86_64"],\#
                "ephemeralStorage":{"size":512},"snapStart":{"applyOn":"None","optimizationStatus":"Off"},\#
                "runtimeVersionConfig":{"runtimeVersionArn":"arn:aws:lambda:<<region>>::runtime:<<hex32>>\#
                <<hex32>>"}}
                """#
        ),
        CallTemplate(
            "autoscaling",
            "DescribeAutoScalingGroups",
            weight: 800,
            request: #"{"autoScalingGroupNames":["eks-<<app>>-<<environment>>-<<uuid>>"],"maxRecords":100}"#
        ),
        CallTemplate(
            "elasticloadbalancing",
            "DescribeTargetHealth",
            weight: 900,
            request: #"""
                {"targetGroupArn":"arn:aws:elasticloadbalancing:<<region>>:<<account>>:targetgroup/<<app>>/<<id>>"}
                """#,
            apiVersion: "2015-12-01"
        ),
        CallTemplate(
            "elasticloadbalancing",
            "RegisterTargets",
            weight: 300,
            request: #"""
                {"targetGroupArn":"arn:aws:elasticloadbalancing:<<region>>:<<account>>:targetgroup/<<app>>/<<id>>",\#
                "targets":[{"id":"<<address>>","port":8080,"availabilityZone":"<<zone>>"}]}
                """#,
            apiVersion: "2015-12-01"
        ),
        CallTemplate(
            "ecs",
            "DescribeServices",
            weight: 400,
            request: #"{"cluster":"<<app>>-<<environment>>","services":["<<app>>"],"include":["TAGS"]}"#
        ),
        CallTemplate(
            "ecs",
            "SubmitTaskStateChange",
            weight: 400,
            request: #"""
                {"cluster":"<<app>>-<<environment>>",\#
                "task":"arn:aws:ecs:<<region>>:<<account>>:task/<<app>>-<<environment>>/<<hex32>>",\#
                "status":"RUNNING","containers":[{"containerName":"<<app>>","runtimeId":"<<hex32>><<hex32>>",\#
                "status":"RUNNING"}]}
                """#,
            response: #"{"acknowledgment":"ACK"}"#
        ),
        CallTemplate(
            "ecr",
            "BatchGetImage",
            weight: 400,
            request: #"""
                {"repositoryName":"<<team>>/<<app>>","imageIds":[{"imageTag":"latest"}],\#
                "acceptedMediaTypes":["application/vnd.docker.distribution.manifest.v2+json",\#
                "application/vnd.oci.image.manifest.v1+json"],"registryId":"<<account>>"}
                """#,
            response: #"""
                {"images":[{"registryId":"<<account>>","repositoryName":"<<team>>/<<app>>",\#
                "imageId":{"imageDigest":"sha256:<<hex32>><<hex32>>","imageTag":"latest"},\#
                "imageManifest":"{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"application/vnd.docker.distrib\#
                ution.manifest.v2+json\"}"}],"failures":[]}
                """#,
            resources: #"""
                [{"accountId":"<<account>>",\#
                "ARN":"arn:aws:ecr:<<region>>:<<account>>:repository/<<team>>/<<app>>"}]
                """#
        ),
        CallTemplate("eks", "DescribeCluster", weight: 400, request: #"{"name":"<<app>>-<<environment>>"}"#),
        CallTemplate(
            "ec2",
            "CreateTags",
            weight: 800,
            request: #"""
                {"resourcesSet":{"items":[{"resourceId":"i-0<<id>>"},{"resourceId":"vol-0<<id2>>"}]},\#
                "tagSet":{"items":[{"key":"Name","value":"<<app>>-<<environment>>"},{"key":"team",\#
                "value":"<<team>>"},{"key":"map-migrated","value":"d-server-<<id>>"}]}}
                """#,
            response: #"{"requestId":"<<requestID>>","_return":true}"#
        ),
        CallTemplate(
            "ec2",
            "RunInstances",
            weight: 300,
            request: #"""
                {"instancesSet":{"items":[{"imageId":"ami-0<<id2>>","minCount":1,"maxCount":1,\#
                "keyName":"<<app>>-key"}]},"userData":"\u003csensitiveDataRemoved\u003e",\#
                "instanceType":"m6i.large","blockDeviceMapping":{"items":[{"deviceName":"/dev/xvda",\#
                "ebs":{"volumeSize":100,"deleteOnTermination":true,"volumeType":"gp3","encrypted":true}}]},\#
                "monitoring":{"enabled":false},"disableApiTermination":false,"disableApiStop":false,\#
                "clientToken":"fleet-<<uuid>>","networkInterfaceSet":{"items":[{"deviceIndex":0,\#
                "subnetId":"subnet-0<<id3>>","associatePublicIpAddress":false,\#
                "groupSet":{"items":[{"groupId":"sg-0<<id>>"}]}}]},"iamInstanceProfile":{"name":"<<role>>"},\#
                "ebsOptimized":true,"tagSpecificationSet":{"items":[{"resourceType":"instance",\#
                "tags":[{"key":"Name","value":"<<app>>-<<environment>>"},{"key":"team","value":"<<team>>"}]}]},\#
                "metadataOptions":{"httpTokens":"required","httpPutResponseHopLimit":2}}
                """#,
            response: #"""
                {"requestId":"<<requestID>>","reservationId":"r-0<<id>>","ownerId":"<<account>>","groupSet":{},\#
                "instancesSet":{"items":[{"instanceId":"i-0<<id>>","imageId":"ami-0<<id2>>",\#
                "bootMode":"uefi-preferred","currentInstanceBootMode":"uefi","instanceState":{"code":0,\#
                "name":"pending"},"privateDnsName":"ip-10-0-1-<<number>>.<<region>>.compute.internal",\#
                "keyName":"<<app>>-key","amiLaunchIndex":0,"productCodes":{},"instanceType":"m6i.large",\#
                "launchTime":<<milliseconds>>,"placement":{"availabilityZone":"<<zone>>","tenancy":"default"},\#
                "monitoring":{"state":"disabled"},"subnetId":"subnet-0<<id3>>","vpcId":"vpc-0<<id2>>",\#
                "privateIpAddress":"<<address>>","stateReason":{"code":"pending","message":"pending"},\#
                "architecture":"x86_64","rootDeviceType":"ebs","rootDeviceName":"/dev/xvda",\#
                "blockDeviceMapping":{},"virtualizationType":"hvm","hypervisor":"xen",\#
                "tagSet":{"items":[{"key":"Name","value":"<<app>>-<<environment>>"},{"key":"team",\#
                "value":"<<team>>"}]},"clientToken":"fleet-<<uuid>>",\#
                "groupSet":{"items":[{"groupId":"sg-0<<id>>","groupName":"<<app>>-sg"}]},"sourceDestCheck":true,\#
                "networkInterfaceSet":{"items":[{"networkInterfaceId":"eni-0<<id3>>",\#
                "subnetId":"subnet-0<<id3>>","vpcId":"vpc-0<<id2>>","ownerId":"<<account>>","status":"in-use",\#
                "macAddress":"0e:<<number>>","privateIpAddress":"<<address>>","sourceDestCheck":true,\#
                "interfaceType":"interface","groupSet":{"items":[{"groupId":"sg-0<<id>>",\#
                "groupName":"<<app>>-sg"}]},"attachment":{"attachmentId":"eni-attach-0<<id2>>","deviceIndex":0,\#
                "networkCardIndex":0,"status":"attaching","attachTime":<<milliseconds>>,\#
                "deleteOnTermination":true},"privateIpAddressesSet":{"item":[{"privateIpAddress":"<<address>>",\#
                "primary":true}]},"ipv6AddressesSet":{},"tagSet":{}}]},\#
                "iamInstanceProfile":{"arn":"arn:aws:iam::<<account>>:instance-profile/<<role>>",\#
                "id":"AIPA<<unique>>Q"},"ebsOptimized":true,"enaSupport":true,"cpuOptions":{"coreCount":1,\#
                "threadsPerCore":2},"capacityReservationSpecification":{"capacityReservationPreference":"open"},\#
                "enclaveOptions":{"enabled":false},"metadataOptions":{"state":"pending","httpTokens":"required",\#
                "httpPutResponseHopLimit":2,"httpEndpoint":"enabled","httpProtocolIpv4":"enabled",\#
                "httpProtocolIpv6":"disabled","instanceMetadataTags":"disabled"},\#
                "maintenanceOptions":{"autoRecovery":"default"},\#
                "privateDnsNameOptions":{"hostnameType":"ip-name","enableResourceNameDnsARecord":false,\#
                "enableResourceNameDnsAAAARecord":false}}]},"requesterId":"<<bigNumber>>"}
                """#,
            failures: [
                .init(
                    "Server.InsufficientInstanceCapacity",
                    #"""
                    We currently do not have sufficient m6i.large capacity in the Availability Zone you requested (\#
                    <<zone>>).
                    """#,
                    50
                )
            ]
        ),
        CallTemplate(
            "ec2",
            "TerminateInstances",
            weight: 200,
            request: #"{"instancesSet":{"items":[{"instanceId":"i-0<<id>>"}]}}"#,
            response: #"""
                {"requestId":"<<requestID>>","instancesSet":{"items":[{"instanceId":"i-0<<id>>",\#
                "currentState":{"code":32,"name":"shutting-down"},"previousState":{"code":16,\#
                "name":"running"}}]}}
                """#
        ),
        CallTemplate(
            "ec2",
            "CreateNetworkInterface",
            weight: 400,
            request: #"""
                {"subnetId":"subnet-0<<id>>","description":"AWS Lambda VPC ENI-<<app>>-<<uuid>>",\#
                "groupSet":{"items":[{"groupId":"sg-0<<id2>>"}]},"privateIpAddressesSet":{},\#
                "clientToken":"<<uuid>>"}
                """#,
            response: #"""
                {"requestId":"<<requestID>>","networkInterface":{"networkInterfaceId":"eni-0<<id3>>",\#
                "subnetId":"subnet-0<<id>>","vpcId":"vpc-0<<id2>>","availabilityZone":"<<zone>>",\#
                "description":"AWS Lambda VPC ENI-<<app>>-<<uuid>>","ownerId":"<<account>>",\#
                "requesterManaged":false,"status":"pending","macAddress":"0a:<<bigNumber>>",\#
                "privateIpAddress":"<<address>>","sourceDestCheck":true,"interfaceType":"interface",\#
                "groupSet":{"items":[{"groupId":"sg-0<<id2>>","groupName":"<<app>>"}]},\#
                "privateIpAddressesSet":{"item":[{"privateIpAddress":"<<address>>","primary":true}]},\#
                "tagSet":{}}}
                """#
        ),
        CallTemplate(
            "ec2",
            "AuthorizeSecurityGroupIngress",
            weight: 120,
            request: #"{"groupId":"sg-0<<id>>","ipPermissions":{"items":[<<rules>>]}}"#,
            response: #"{"requestId":"<<requestID>>","_return":true,"securityGroupRuleSet":{"items":[]}}"#
        ),
        CallTemplate(
            "ec2",
            "CreateLaunchTemplateVersion",
            weight: 80,
            request: #"""
                {"CreateLaunchTemplateVersionRequest":{"LaunchTemplateData":{"UserData":"<<userData>>",\#
                "InstanceType":"m6i.large","ImageId":"ami-0<<id>>"},"LaunchTemplateId":"lt-0<<id2>>"}}
                """#,
            response: #"""
                {"CreateLaunchTemplateVersionResponse":{"requestId":"<<requestID>>",\#
                "launchTemplateVersion":{"launchTemplateId":"lt-0<<id2>>","versionNumber":<<number>>,\#
                "launchTemplateData":{"userData":"<<userData>>","instanceType":"m6i.large"}}}}
                """#
        ),
    ]
}
